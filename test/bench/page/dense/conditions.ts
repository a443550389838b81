// inpage under conditions that the comparison with its peers has not: filters, deletes with compaction.
import type { Filter, VectorDocument } from '../../../../src/index.ts';
import { type Inpage, openInpage } from '../open-inpage.ts';
import { quantile, ratioOfMedians } from '../statistics.ts';
import { type Dataset, type DatasetSettings, fetchRows, openDataset, type RowSettings } from './dataset.ts';
import { exactAnswers, recall } from './exact.ts';

export interface ConditionSettings {
  dataset: DatasetSettings;
  queries: RowSettings;
  k: number;
  rounds: number;
}

/** One condition. Ratios are of median latencies, to the same queries without a filter, with a 95 % bootstrap interval. */
export interface ConditionRow {
  condition: string;
  /** Rows that take part. */
  rows: number;
  recall: number;
  p50Ms: number;
  ratio: number;
  ratioRange: number[];
}

/** Passages a document: metadata belong to documents. */
const documentRows = 5;

const documentOf = (row: number) => Math.floor(row / documentRows);

/** Every document has its number in three moduli, so that a bare equality takes a half, a hundredth, a ten-thousandth of them. */
const moduli = { half: 2, hundredth: 100, tenThousandth: 10_000 };

/** Builds a collection of small documents and measures it: filtered, while a tenth is deleted, and after. */
export async function conditions({ dataset: settings, queries: querySettings, k, rounds }: ConditionSettings) {
  const dataset = await openDataset(settings);
  const queries = await fetchRows(querySettings);
  const store = await openInpage('conditions', { dimension: dataset.dimension });
  await store.add(documents(dataset));
  const filtered = await measureFilters(store, dataset, queries, k, rounds);
  const deleted = await measureDeletes(store, dataset, queries, k);
  const stats = await store.stats();
  await store.close();
  return { n: dataset.n, k, filtered, deleted, stats };
}

function* documents(dataset: Dataset): Iterable<VectorDocument> {
  const passages = Array(documentRows).fill({ start: 0, end: 0 });
  for (const { first, rows, data } of dataset.batches(documentRows)) {
    const ordinal = first / documentRows;
    const metadata = Object.fromEntries(Object.entries(moduli).map(([field, modulus]) => [field, ordinal % modulus]));
    yield { id: String(ordinal), metadata, passages: passages.slice(0, rows), vectors: data.slice() };
  }
}

/** Rows found, nearest first. */
async function ask(store: Inpage, vector: Float32Array, k: number, filter?: Filter): Promise<number[]> {
  const hits = await store.search({ vector, k, filter });
  return hits.map(({ document, id }) => Number(document) * documentRows + Number(id.slice(document.length + 1)));
}

async function measureFilters(store: Inpage, dataset: Dataset, queries: readonly Float32Array[], k: number, rounds: number) {
  const cases: { condition: string; filter?: Filter; allowed: (row: number) => boolean }[] = [
    { condition: 'no filter', allowed: () => true },
    ...Object.entries(moduli).map(([field, modulus]) => ({
      condition: `one of ${modulus}`,
      filter: { [field]: 0 },
      allowed: (row: number) => documentOf(row) % modulus === 0,
    })),
  ];
  const times = cases.map((): number[][] => []);
  const answers = cases.map((): number[][] => []);
  const size = Math.floor(queries.length / rounds);
  for (let round = 0; round < rounds; round++) {
    for (const [c, { filter }] of cases.entries()) {
      const ms: number[] = [];
      for (const query of queries.slice(round * size, (round + 1) * size)) {
        const started = performance.now();
        answers[c]!.push(await ask(store, query, k, filter));
        ms.push(performance.now() - started);
      }
      times[c]!.push(ms);
    }
  }
  return cases.map(({ condition, allowed }, c): ConditionRow => {
    const rows = count(dataset, allowed);
    return {
      condition,
      rows,
      recall: recall(answers[c]!, exactAnswers(dataset, queries.slice(0, answers[c]!.length), k, allowed), k),
      p50Ms: median(times[c]!.flat()),
      ...ratioOfMedians(times[c]!, times[0]!),
    };
  });
}

/** Deletes every tenth document and compacts, while one query follows the other. */
async function measureDeletes(store: Inpage, dataset: Dataset, queries: readonly Float32Array[], k: number) {
  const documents = Math.ceil(dataset.n / documentRows);
  const doomed = Array.from({ length: Math.ceil(documents / 10) }, (_, i) => String(i * 10));
  const before = await during(store, queries, k, new Promise((resolve) => setTimeout(resolve, 1000)));
  const removing = await during(store, queries, k, store.remove(doomed));
  const compacting = await during(store, queries, k, store.compact());
  const allowed = (row: number) => documentOf(row) % 10 !== 0;
  const ms: number[] = [];
  const answers: number[][] = [];
  for (const query of queries) {
    const started = performance.now();
    answers.push(await ask(store, query, k));
    ms.push(performance.now() - started);
  }
  return {
    before,
    removing,
    compacting,
    after: {
      rows: count(dataset, allowed),
      recall: recall(answers, exactAnswers(dataset, queries, k, allowed), k),
      p50Ms: median(ms),
    },
  };
}

/** Lets events and timers of the page have their turn: a search that finds all in memory may give them none. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Asks until the work has ended. */
async function during(store: Inpage, queries: readonly Float32Array[], k: number, work: Promise<unknown>) {
  let working = true;
  const started = performance.now();
  const end = work.finally(() => {
    working = false;
  });
  const ms: number[] = [];
  for (let i = 0; working; i++) {
    const asked = performance.now();
    await ask(store, queries[i % queries.length]!, k);
    ms.push(performance.now() - asked);
    await turn();
  }
  await end;
  const seconds = (performance.now() - started) / 1000;
  return { seconds, queries: ms.length, p50Ms: median(ms), longestMs: Math.max(...ms) };
}

function count(dataset: Dataset, allowed: (row: number) => boolean): number {
  let rows = 0;
  for (let row = 0; row < dataset.n; row++) if (allowed(row)) rows++;
  return rows;
}

const median = (values: readonly number[]) =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
