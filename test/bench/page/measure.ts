// Building, opening and asking one system, with a clock.
import { type DatasetSettings, fetchRows, openDataset } from './dataset.ts';
import { loadSystem } from './systems/index.ts';
import type { OpenSystem } from './systems/system.ts';

/** Where the queries lie: rows of a file of vectors. */
export interface QuerySettings {
  url: string;
  dimension: number;
  /** Number of the first row. */
  first: number;
  count: number;
}

/** One block of queries, asked one after the other. */
export interface RoundSettings {
  first: number;
  count: number;
  k: number;
  /** Stops after this time, but not before `least` queries. */
  budgetMs: number;
  least: number;
}

let opened: OpenSystem | undefined;
let queries: Float32Array[] = [];

/** Builds with durable persistence. `seconds` has no fetching in it, but the mixing of vectors where there is any. */
export async function build(name: string, settings: DatasetSettings) {
  const system = await loadSystem(name);
  const dataset = await openDataset(settings);
  const started = performance.now();
  const { note, inMemory } = await system.build(dataset);
  const seconds = (performance.now() - started) / 1000;
  opened = inMemory;
  return { seconds, note, inMemory: inMemory !== undefined };
}

/** Opens what is stored and asks one query. `coldOpenMs` runs from the start of the navigation to the answer. */
export async function openAndAnswer(name: string, { url, dimension, first }: QuerySettings, k: number) {
  const firstQuery = fetchRows(url, dimension, first, 1);
  const system = await (await loadSystem(name)).open();
  const ids = await system.search((await firstQuery)[0]!, k);
  const coldOpenMs = performance.now();
  opened = system;
  return { coldOpenMs, ids: [...ids] };
}

/** Fetches the queries that `round` counts through. */
export async function loadQueries({ url, dimension, first, count }: QuerySettings): Promise<void> {
  queries = await fetchRows(url, dimension, first, count);
}

/** @returns milliseconds and answers of each query asked */
export async function round({ first, count, k, budgetMs, least }: RoundSettings) {
  const ms: number[] = [];
  const ids: number[][] = [];
  const end = performance.now() + budgetMs;
  for (const query of queries.slice(first, first + count)) {
    if (ms.length >= least && performance.now() > end) break;
    const started = performance.now();
    const found = await opened!.search(query, k);
    ms.push(performance.now() - started);
    ids.push([...found]);
  }
  return { ms, ids };
}

/** Bytes of the page and its workers, after a garbage collection, and what the origin stores by the browser's own account. */
export async function footprint() {
  const measure = (performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> })
    .measureUserAgentSpecificMemory;
  const memory = await measure?.call(performance);
  const { usage } = await navigator.storage.estimate();
  return { memoryBytes: memory?.bytes ?? null, storedBytes: usage ?? null };
}
