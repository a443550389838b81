// Building, opening and asking one system, with a clock.
import type { OpenSystem, Suite, System } from './system.ts';

/** One block of queries, asked one after the other. */
export interface RoundSettings {
  first: number;
  count: number;
  k: number;
  /** Stops after this time, but not before `least` queries. */
  budgetMs: number;
  least: number;
}

/** The system of this page. */
export class Bench<DataSettings, Data, QuerySettings, Query> {
  readonly #suite: Suite<DataSettings, Data, QuerySettings, Query>;
  readonly #system: System<Data, Query>;
  #opened: OpenSystem<Query> | undefined;
  #queries: readonly Query[] = [];

  constructor(suite: Suite<DataSettings, Data, QuerySettings, Query>, system: System<Data, Query>) {
    this.#suite = suite;
    this.#system = system;
  }

  /** Builds with durable persistence. Fetching is not in `seconds`, but making data on the way is. */
  async build(settings: DataSettings) {
    const data = await this.#suite.openData(settings);
    const started = performance.now();
    const { note, inMemory } = await this.#system.build(data);
    const seconds = (performance.now() - started) / 1000;
    this.#opened = inMemory;
    return { seconds, note, inMemory: inMemory !== undefined };
  }

  /**
   * Opens what is stored and asks the first of the queries. `coldOpenMs` runs from the start of the navigation to the answer;
   * `pageStartMs` of it had passed when the page's script began.
   */
  async openAndAnswer(settings: QuerySettings, k: number) {
    const pageStartMs = performance.now();
    const queries = this.#suite.openQueries(settings);
    const system = await this.#system.open();
    const ids = await system.search((await queries)[0]!, k);
    const coldOpenMs = performance.now();
    this.#opened = system;
    return { coldOpenMs, pageStartMs, ids: [...ids] };
  }

  /** Fetches the queries that `round` counts through. */
  async loadQueries(settings: QuerySettings): Promise<void> {
    this.#queries = await this.#suite.openQueries(settings);
  }

  /** @returns milliseconds and answer of each query asked */
  async round({ first, count, k, budgetMs, least }: RoundSettings) {
    const ms: number[] = [];
    const ids: number[][] = [];
    const end = performance.now() + budgetMs;
    for (const query of this.#queries.slice(first, first + count)) {
      if (ms.length >= least && performance.now() > end) break;
      const started = performance.now();
      const found = await this.#opened!.search(query, k);
      ms.push(performance.now() - started);
      ids.push([...found]);
    }
    return { ms, ids };
  }

  /** Bytes of the page and its workers; null where the browser does not tell. */
  async memoryBytes(): Promise<number | null> {
    const measure = (performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> })
      .measureUserAgentSpecificMemory;
    return (await measure?.call(performance))?.bytes ?? null;
  }
}
