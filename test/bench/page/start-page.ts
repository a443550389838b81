// What the driver calls in the page of a system. With `?open=…` the page opens the system by itself at once, so that nothing but
// the page stands between the navigation and the first answer.
import { Bench } from './measure.ts';
import type { Suite, System } from './system.ts';

/** Makes the measurements callable. */
export function startPage<DataSettings, Data, QuerySettings, Query>(
  suite: Suite<DataSettings, Data, QuerySettings, Query>,
  system: System<Data, Query>,
): void {
  const bench = new Bench(suite, system);
  const open = new URLSearchParams(location.search).get('open');
  Object.assign(window, {
    inpageBench: bench,
    /** Settles when the system has answered its first query. */
    inpageOpened: open ? openNow(bench, JSON.parse(open)) : undefined,
  });
}

/** A failure is an answer too: a rejection that nobody waits for yet would only be reported to the console. */
async function openNow<QuerySettings>(
  bench: Pick<Bench<never, never, QuerySettings, never>, 'openAndAnswer'>,
  { queries, k }: { queries: QuerySettings; k: number },
) {
  try {
    return await bench.openAndAnswer(queries, k);
  } catch (error) {
    // Some systems throw plain objects.
    return { error: (error as Partial<Error> | null)?.message ?? JSON.stringify(error) };
  }
}
