// What the benchmark's driver calls in a page, as `window.inpageBench`. With `?open=…` the page opens a system by itself at once.
import { type DatasetSettings, fetchRows, openDataset } from './dataset.ts';
import { build, footprint, loadQueries, openAndAnswer, type QuerySettings, round } from './measure.ts';
import { percentiles, ratioOfMedians } from './statistics.ts';

const settings = new URLSearchParams(location.search).get('open');

const bench = {
  /** Settles when the system of the address has answered its first query. */
  opened: settings ? openNow(JSON.parse(settings)) : undefined,
  build,
  loadQueries,
  round,
  footprint,
  percentiles,
  ratioOfMedians,

  async exact(dataset: DatasetSettings, { url, dimension, first, count }: QuerySettings, k: number): Promise<number[][]> {
    const { exactAnswers } = await import('./exact.ts');
    return exactAnswers(await openDataset(dataset), await fetchRows(url, dimension, first, count), k);
  },

  async embedTexts(texts: readonly string[], kind: 'query' | 'passage'): Promise<string> {
    return (await import('./embed.ts')).embedTexts(texts, kind);
  },
};

declare global {
  interface Window {
    inpageBench: typeof bench;
  }
}

window.inpageBench = bench;

/** A failure is an answer too: a rejection that nobody waits for yet would only be reported to the console. */
async function openNow({ system, queries, k }: { system: string; queries: QuerySettings; k: number }) {
  try {
    return await openAndAnswer(system, queries, k);
  } catch (error) {
    // Some systems throw plain objects.
    return { error: (error as Partial<Error> | null)?.message ?? JSON.stringify(error) };
  }
}
