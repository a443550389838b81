// The adapter of a collection in its worker: learned, kept beside the collection, and applied to the vectors of questions.
import { type Adapter, applyAdapter } from '../adapt/adapter.ts';
import type { Library } from '../eval/make-test-set.ts';
import type { AdapterInfo, AdaptProgress, AdaptResult, TrainingPair } from '../spec/adapter.ts';
import type { CallOptions, ProgressOptions } from '../spec/call.ts';
import type { Embedder, EmbeddingSpace } from '../spec/embedder.ts';
import type { Store } from '../spec/store.ts';
import type { Records } from '../store/records.ts';
import { sameSpace } from '../store/space.ts';

/** Feedback that is kept, the last. */
const mostFeedback = 5000;
/** Questions that are made of the documents. */
const mostMade = 1000;

/** What is stored. */
interface KeptAdapter {
  space: EmbeddingSpace;
  adapter: Adapter;
  info: AdapterInfo;
}

export class AdapterKeeper {
  readonly #store: () => Store;
  readonly #records: () => Promise<Records>;
  /** `null` where there is none. */
  #kept: KeptAdapter | null | undefined;

  constructor(store: () => Store, records: () => Promise<Records>) {
    this.#store = store;
    this.#records = records;
  }

  /** Corrects questions' vectors in place, where the collection has an adapter of their space. */
  async apply(space: EmbeddingSpace, vectors: Float32Array): Promise<void> {
    const kept = await this.#load();
    if (kept && sameSpace(kept.space, space)) applyAdapter(kept.adapter, vectors);
  }

  async info(): Promise<AdapterInfo | undefined> {
    return (await this.#load())?.info;
  }

  /** Notes what a reader thinks of a passage; the last word on it counts. */
  async feedback(pair: TrainingPair): Promise<void> {
    const records = await this.#records();
    const { document, start, end } = pair.passage;
    const key = (other: TrainingPair) => JSON.stringify([other.question, other.passage.document, other.passage.start]);
    const note: TrainingPair = { ...pair, passage: { document, start, end } };
    const others = ((await records.get<TrainingPair[]>('feedback')) ?? []).filter((other) => key(other) !== key(note));
    await records.put('feedback', [...others, note].slice(-mostFeedback));
  }

  /** Learns from pairs, from the documents, or from the feedback so far; what is no better is not kept, and nothing changes. */
  async adapt(
    pairs: readonly TrainingPair[] | 'documents' | undefined,
    embedder: Embedder,
    options: ProgressOptions<AdaptProgress> & { seed?: number },
  ): Promise<AdaptResult> {
    const records = await this.#records();
    const store = this.#store();
    const { space } = await embedder.load({ signal: options.signal });
    await store.bind(space);
    const [source, given] =
      pairs === 'documents'
        ? (['documents', await pairsFrom(store, options)] as const)
        : pairs
          ? (['given', pairs] as const)
          : (['feedback', (await records.get<TrainingPair[]>('feedback')) ?? []] as const);
    const { learnAdapter } = await import('./learn-adapter.ts');
    const { adapter, result } = await learnAdapter(given, source, { store, embedder }, options);
    if (result.kept) {
      const { kept: _, ...rest } = result;
      const next: KeptAdapter = { space, adapter, info: { ...rest, rank: adapter.rank, trainedAt: Date.now() } };
      await records.put('adapter', next);
      this.#kept = next;
    }
    return result;
  }

  /** Searches as if nothing had been learned; feedback stays. */
  async forget(): Promise<void> {
    await (await this.#records()).delete('adapter');
    this.#kept = null;
  }

  /** The records were cleared. */
  reset(): void {
    this.#kept = null;
  }

  async #load(): Promise<KeptAdapter | null> {
    // Most collections have none, and that is to be read once.
    if (this.#kept === undefined) this.#kept = (await (await this.#records()).get<KeptAdapter>('adapter')) ?? null;
    return this.#kept;
  }
}

/** Questions for the documents' own sentences. @throws InpageError `invalid-argument` where none can be made */
async function pairsFrom(store: Store, { seed, signal }: CallOptions & { seed?: number }): Promise<TrainingPair[]> {
  const { makeTestSet } = await import('../eval/make-test-set.ts');
  const library: Library = {
    documents: () => store.list(),
    text: (document, { start, end } = {}) => store.text(document, start, end),
  };
  const { cases } = await makeTestSet(library, { n: mostMade, seed, signal });
  return cases.flatMap(({ question, gold }) => gold.map((place) => ({ question, passage: place as TrainingPair['passage'] })));
}
