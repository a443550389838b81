// A random history of one collection beside its model: documents come, change and go, and now and then everything is compared.
import { expect } from 'vitest';
import type { Filter, MetadataValue } from '../../src/spec/metadata.ts';
import type { Fusion, Hit, Store, StoreQuery } from '../../src/spec/store.ts';
import { createRandom } from '../../src/util/random.ts';
import { createDocument, createSpace, createVector, put, type TestDocument } from '../contract/test-store.ts';
import { type Answer, StoreModel } from './store-model.ts';

const dimension = 8;
const words = 'apple pear plum cherry the of walnut hazel almond and grape melon fig date lemon lime'.split(' ');
const fusions: Fusion[] = [
  { method: 'convex' },
  { method: 'convex', weight: 0.2 },
  { method: 'rrf' },
  { method: 'rrf', constant: 1 },
];

export interface HistoryOptions {
  seed: number;
  /** Most passages of a document. */
  passages: number;
  /** Opens the collection, which is the same each time. */
  open: () => Promise<Store>;
}

export class History {
  readonly #random: () => number;
  readonly #options: HistoryOptions;
  readonly #model = new StoreModel(dimension);
  /** Vectors are drawn from a few, so that many scores are equal. */
  readonly #vectors: Float32Array[];
  #store!: Store;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed);
    this.#vectors = Array.from({ length: 30 }, () => createVector(this.#random, dimension));
  }

  async begin(): Promise<void> {
    this.#store = await this.#options.open();
    await this.#store.bind(createSpace(dimension));
  }

  /** Does something at random. */
  async step(): Promise<void> {
    const action = this.#random();
    if (action < 0.35) await this.#put(this.#document());
    else if (action < 0.42) await this.#putTogether();
    else if (action < 0.55) await this.#remove();
    else if (action < 0.6) await this.#staysSame(() => this.#reopen());
    else if (action < 0.66) await this.#staysSame(() => this.#store.compact());
    else if (action < 0.67) await this.#clear();
    else await this.#check(this.#query());
  }

  async end(): Promise<void> {
    await this.#staysSame(() => this.#reopen());
    await this.#staysSame(() => this.#store.compact());
    for (const id of this.#model.ids) expect(await this.#store.text(id)).toBe(this.#model.document(id)!.text);
    const { documents, chunks, deleted, segments } = await this.#store.stats();
    expect({ documents, chunks, deleted }).toEqual({ documents: this.#model.ids.length, chunks: this.#model.chunks, deleted: 0 });
    expect(segments).toBeLessThanOrEqual(1);
    expect((await this.#store.list()).map(({ id }) => id)).toEqual(this.#model.ids);
    await this.#store.close();
  }

  #pick(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #document(id = `d${this.#pick(20)}`): TestDocument {
    const count = this.#pick(this.#options.passages + 1);
    const text = Array.from({ length: count * 4 }, () => this.#words(1)).join(' ');
    const document = createDocument(id, {
      text,
      spanLength: 12 + this.#pick(30),
      title: this.#words(2),
      metadata: this.#metadata(),
      hash: `${this.#random()}`,
    });
    for (const index of document.spans.keys())
      document.vectors.set(this.#vectors[this.#pick(this.#vectors.length)]!, index * dimension);
    return document;
  }

  #words(count: number): string {
    return Array.from({ length: count }, () => words[Math.floor(this.#random() ** 2 * words.length)]!).join(' ');
  }

  #metadata(): Record<string, MetadataValue> {
    return { topic: this.#pick(3), ...(this.#random() < 0.5 ? { tags: ['x', 'y', 'z'].slice(this.#pick(3)) } : {}) };
  }

  async #put(document: TestDocument): Promise<void> {
    await put(this.#store, document);
    await this.#model.put(document);
  }

  async #putTogether(): Promise<void> {
    const ids = Array.from({ length: 20 }, (_, index) => `d${index}`).filter(() => this.#random() < 0.3);
    const documents = ids.map((id) => this.#document(id));
    await Promise.all(documents.map((document) => put(this.#store, document)));
    for (const document of documents) await this.#model.put(document);
    const order = (await this.#store.list()).map(({ id }) => id);
    expect([...order].sort()).toEqual(this.#model.ids.sort());
    this.#model.reorder(order);
  }

  async #remove(): Promise<void> {
    const ids = Array.from({ length: 1 + this.#pick(3) }, () => `d${this.#pick(25)}`);
    expect(await this.#store.remove(ids)).toBe(this.#model.remove(ids));
  }

  async #clear(): Promise<void> {
    await this.#store.clear();
    this.#model.clear();
    await this.#store.bind(createSpace(dimension));
  }

  async #reopen(): Promise<void> {
    await this.#store.close();
    await this.begin();
  }

  #query(): StoreQuery {
    const mode = (['dense', 'lexical', 'hybrid'] as const)[this.#pick(3)]!;
    const vector =
      this.#random() < 0.5 ? this.#vectors[this.#pick(this.#vectors.length)]! : createVector(this.#random, dimension);
    const quoted = this.#random() < 0.2;
    const text = `${this.#words(1 + this.#pick(3))} ${quoted ? `"${this.#words(2)}"` : ''} ${this.#random() < 0.3 ? 'absent' : ''}`;
    return {
      mode,
      ...(mode !== 'lexical' && { vector }),
      ...(mode !== 'dense' && { text }),
      k: [1, 3, 10, 60, 1000][this.#pick(5)]!,
      filter: this.#filter(),
      fusion: fusions[this.#pick(fusions.length)]!,
      // Where there are more, codes choose whom to score.
      exact: this.#random() < 0.5 || this.#model.chunks > 1000,
    };
  }

  #filter(): Filter | undefined {
    const kinds: (Filter | undefined)[] = [
      undefined,
      undefined,
      { topic: this.#pick(4) },
      { tags: 'y' },
      { id: { $in: [`d${this.#pick(20)}`, `d${this.#pick(20)}`] } },
      { $not: { topic: { $gte: 1 } } },
    ];
    return kinds[this.#pick(kinds.length)];
  }

  async #check(query: StoreQuery): Promise<void> {
    expectAnswers(await this.#store.search(query), await this.#expected(query), query);
  }

  #expected({ mode, fusion = { method: 'convex' }, k = 10, ...query }: StoreQuery): Promise<Answer[]> {
    const chosen = fusion.method === 'rrf' ? { constant: 60, ...fusion } : { weight: 0.6, ...fusion };
    return this.#model.search({ ...query, mode: mode!, k, fusion: chosen });
  }

  /** Answers are the same before and after, bit for bit, and those of the model. */
  async #staysSame(work: () => Promise<void>): Promise<void> {
    const queries = Array.from({ length: 4 }, () => this.#query());
    const search = () => this.#store.search(queries);
    const before: Hit[][] = await search();
    await work();
    const after = await search();
    for (const [index, query] of queries.entries()) {
      expectAnswers(after[index]!, before[index]!, query);
      expectAnswers(before[index]!, await this.#expected(query), query);
    }
  }
}

/** Compares ids and scores first, as that is easier to read. */
function expectAnswers(hits: readonly Answer[], wanted: readonly Answer[], query: StoreQuery): void {
  const shorten = (answers: readonly Answer[]) => answers.map(({ id, score }) => `${id} ${score}`);
  expect(shorten(hits), JSON.stringify(query)).toEqual(shorten(wanted));
  expect(hits).toEqual(wanted);
}
