// What the benchmark's driver calls in a page. The address says which suite (`?suite=…`); with `&open=…` the page opens a system
// by itself at once, so that nothing but the page stands between the navigation and the first answer.
import { dense } from './dense/suite.ts';
import { lexical } from './lexical/suite.ts';
import { Bench } from './measure.ts';

const parameters = new URLSearchParams(location.search);
const bench = parameters.get('suite') === 'lexical' ? new Bench(lexical) : new Bench(dense);
const open = parameters.get('open');

Object.assign(window, {
  inpageBench: bench,
  /** Settles when the system of the address has answered its first query. */
  inpageOpened: open ? openNow(JSON.parse(open)) : undefined,
  /** What is not a measurement of one system. */
  inpageTools: () => import('./tools.ts'),
});

/** A failure is an answer too: a rejection that nobody waits for yet would only be reported to the console. */
async function openNow({ system, queries, k }: { system: string; queries: never; k: number }) {
  try {
    return await bench.openAndAnswer(system, queries, k);
  } catch (error) {
    // Some systems throw plain objects.
    return { error: (error as Partial<Error> | null)?.message ?? JSON.stringify(error) };
  }
}
