// What a store must answer: everything in plain arrays and maps, searched by brute force. Dense scores are made by the scalar kernel,
// lexical ones by an index built anew, so they equal the store's bit for bit.
import type { Filter } from '../../src/spec/metadata.ts';
import type { Hit } from '../../src/spec/store.ts';
import { compileFilter } from '../../src/store/filter/predicate.ts';
import { type Kernel, rowScale } from '../../src/store/kernels/kernel.ts';
import { createScalarKernel } from '../../src/store/kernels/scalar-kernel.ts';
import { type AnalyzedRow, Analyzer } from '../../src/store/lexical/analyzer.ts';
import { encodeLexical } from '../../src/store/lexical/encode.ts';
import { documentLanguage } from '../../src/store/lexical/guess-language.ts';
import { LexicalIndex } from '../../src/store/lexical/lexical-index.ts';
import { LexicalSegment } from '../../src/store/lexical/lexical-segment.ts';
import { convexCombination, reciprocalRankFusion } from '../../src/store/search/fusion.ts';
import type { Query } from '../../src/store/search/query.ts';
import { headingPaths } from '../../src/util/heading-path.ts';
import type { TestDocument } from '../contract/test-store.ts';

/** What a hit is known by: all of it but the explanation. */
export type Answer = Omit<Hit, 'explanation'>;

interface Row {
  answer: Omit<Answer, 'score' | 'scores'>;
  bytes: Int8Array;
  scale: number;
  words: AnalyzedRow;
}

interface Entry {
  document: TestDocument;
  rows: readonly Row[];
}

/** Rows of each stage that a hybrid search looks at. */
const depthOf = (k: number) => Math.max(100, k * 5);

export class StoreModel {
  readonly #dimension: number;
  readonly #kernel: Kernel;
  readonly #analyzer = new Analyzer();
  readonly #entries = new Map<string, Entry>();

  constructor(dimension: number) {
    this.#dimension = dimension;
    this.#kernel = createScalarKernel(dimension);
  }

  /** Ids in the order of their commits. */
  get ids(): string[] {
    return [...this.#entries.keys()];
  }

  document(id: string): TestDocument | undefined {
    return this.#entries.get(id)?.document;
  }

  /** Number of passages. */
  get chunks(): number {
    return this.#rows().length;
  }

  async put(document: TestDocument): Promise<void> {
    const { head, text, spans, vectors } = document;
    const language = documentLanguage(text.slice(0, 4000));
    await this.#analyzer.load([language]);
    const { rows, scales } = this.#kernel.encodeRows(vectors);
    const { id, title, url, mediaType, metadata, sections } = head;
    const headings = headingPaths(sections);
    this.remove([id]);
    this.#entries.set(id, {
      document,
      rows: spans.map(({ start, end }, index) => {
        const passage = { text: text.slice(start, end), headings: headings(start, end) };
        return {
          answer: { id: `${id}#${index}`, document: id, title, url, mediaType, metadata, start, end, ...passage },
          bytes: rows.slice(index * this.#dimension, (index + 1) * this.#dimension),
          scale: scales[index]!,
          words: this.#analyzer.row(language, passage.text, [title, ...passage.headings].join('\n')),
        };
      }),
    });
  }

  /** Gives how many were there. */
  remove(ids: readonly string[]): number {
    return [...new Set(ids)].filter((id) => this.#entries.delete(id)).length;
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Brings the documents into an order. */
  reorder(ids: readonly string[]): void {
    const entries = ids.map((id) => [id, this.#entries.get(id)!] as const);
    this.#entries.clear();
    for (const [id, entry] of entries) this.#entries.set(id, entry);
  }

  /** The hits of an exact search. */
  async search(query: Pick<Query, 'mode' | 'vector' | 'text' | 'k' | 'fusion'> & { filter?: Filter }): Promise<Answer[]> {
    const rows = this.#rows();
    const meets = compileFilter(query.filter ?? {});
    const wanted = new Set(
      [...rows.keys()].filter((position) => {
        const { head } = this.#entries.get(rows[position]!.answer.document)!.document;
        return meets({ ...head, length: 0, chunks: 0, addedAt: 0 });
      }),
    );
    const dense = query.mode === 'lexical' ? [] : this.#rankDense(rows, query.vector!, wanted);
    const lexical = query.mode === 'dense' ? [] : await this.#rankLexical(rows, query.text!, wanted);
    const answer = (position: number, score: number, scores: Hit['scores']) => ({ ...rows[position]!.answer, score, scores });
    if (query.mode === 'dense')
      return dense.slice(0, query.k).map(({ position, score }) => answer(position, score, { dense: score }));
    if (query.mode === 'lexical')
      return lexical.slice(0, query.k).map(({ position, score }) => answer(position, score, { lexical: score }));
    return fuse(dense, lexical, query)
      .slice(0, query.k)
      .map(({ position, score, scores }) => answer(position, score, { ...scores, fused: score }));
  }

  #rows(): Row[] {
    return [...this.#entries.values()].flatMap((entry) => entry.rows);
  }

  #rankDense(rows: readonly Row[], vector: Float32Array, wanted: ReadonlySet<number>): Scored[] {
    const { integers, integerScale } = this.#kernel.prepare(vector);
    return best(
      [...wanted].map((position) => {
        const { bytes, scale } = rows[position]!;
        const dot = bytes.reduce((sum, value, index) => sum + value * integers[index]!, 0);
        return { position, score: dot * rowScale(scale) * integerScale };
      }),
    );
  }

  async #rankLexical(rows: readonly Row[], text: string, wanted: ReadonlySet<number>): Promise<Scored[]> {
    if (rows.length === 0) return [];
    const { postings, positions } = encodeLexical(rows.map(({ words }) => words));
    const index = new LexicalIndex([{ lexical: new LexicalSegment(postings), firstPosition: 0 }], this.#analyzer);
    const search = await index.prepare(text, async () => positions);
    const scores = search.scoresOf([...rows.keys()]);
    return best([...wanted].map((position) => ({ position, score: scores[position]! })).filter(({ score }) => score > 0));
  }
}

interface Scored {
  position: number;
  score: number;
}

/** Best first; of equal scores the document that came first, and in it the first passage. */
function best(rows: Scored[]): Scored[] {
  return rows.sort((a, b) => b.score - a.score || a.position - b.position);
}

function fuse(dense: readonly Scored[], lexical: readonly Scored[], { k, fusion }: Pick<Query, 'k' | 'fusion'>) {
  const depth = depthOf(k);
  const denseOf = new Map(dense.map(({ position, score }) => [position, score]));
  const lexicalOf = new Map(lexical.map(({ position, score }) => [position, score]));
  const taken = [dense, lexical].map((ranking) => new Set(ranking.slice(0, depth).map(({ position }) => position)));
  const candidates = [...new Set(taken.flatMap((positions) => [...positions]))].map((position) => ({
    position,
    scores: { dense: denseOf.get(position)!, lexical: lexicalOf.get(position) ?? 0 },
  }));
  if (fusion.method === 'convex') {
    const all = candidates.map((candidate) => ({ ...candidate, ...candidate.scores }));
    return convexCombination(all, { alpha: fusion.weight, least: { lexical: 0 } });
  }
  const ranked = candidates.map((candidate) => ({
    ...candidate,
    dense: taken[0]!.has(candidate.position) ? candidate.scores.dense : undefined,
    lexical: taken[1]!.has(candidate.position) ? candidate.scores.lexical : undefined,
  }));
  return reciprocalRankFusion(ranked, { k: fusion.constant });
}
