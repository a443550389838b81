// Lexical store: the lexical indexes of segments, read when words are first searched for.
import type { Reads } from './disk/database.ts';
import { unseal } from './disk/sealed.ts';
import type { Analyzer } from './lexical/analyzer.ts';
import { encodeWordless } from './lexical/encode.ts';
import { LexicalIndex, type LoadPositions } from './lexical/lexical-index.ts';
import { LexicalSegment } from './lexical/lexical-segment.ts';
import type { LexicalPart } from './lexical/statistics.ts';
import type { Segment } from './segment.ts';

/** Reads in a transaction that sees the state of the view. */
export type ReadState = <T>(work: (tables: Reads) => Promise<T>) => Promise<T>;

/** The index of one state of the collection. */
export interface LexicalState {
  index: LexicalIndex;
  /** The segments of its parts; those with a damaged record are missing. */
  segments: readonly Segment[];
  loadPositions: LoadPositions;
}

export class LexicalStore {
  readonly #analyzer: Analyzer;
  readonly #read: ReadState;
  readonly #onDamage: (segments: readonly Segment[]) => Promise<void>;
  readonly #opened = new Map<number, LexicalSegment>();
  readonly #damaged = new Set<number>();
  #state: { key: string; state: LexicalState } | undefined;

  constructor(analyzer: Analyzer, read: ReadState, onDamage: (segments: readonly Segment[]) => Promise<void>) {
    this.#analyzer = analyzer;
    this.#read = read;
    this.#onDamage = onDamage;
  }

  /** The index over segments, whose rows count from the first of the first. */
  async open(segments: readonly Segment[]): Promise<LexicalState> {
    const unknown = segments.filter(({ id }) => !this.#opened.has(id) && !this.#damaged.has(id));
    const missing = unknown.filter(({ entry }) => entry.bytes.lexical > 0);
    for (const { id, rows, entry } of unknown)
      if (entry.bytes.lexical === 0) this.#opened.set(id, new LexicalSegment(encodeWordless(rows).postings));
    if (missing.length > 0) await this.#load(missing);
    const key = segments.map(({ id, entry }) => `${id}.${entry.deletedAt}`).join();
    if (this.#state?.key !== key) this.#state = { key, state: this.#createState(segments) };
    return this.#state.state;
  }

  /** Forgets a segment that is gone. */
  drop({ id }: Segment): void {
    this.#opened.delete(id);
    this.#damaged.delete(id);
  }

  clear(): void {
    this.#opened.clear();
    this.#state = undefined;
  }

  async #load(missing: readonly Segment[]): Promise<void> {
    const buffers = await this.#read((tables) => Promise.all(missing.map(({ id }) => tables.get('postings', id))));
    const damaged: Segment[] = [];
    for (const [index, segment] of missing.entries()) {
      const bytes = unseal(buffers[index], segment.id);
      if (bytes) this.#opened.set(segment.id, new LexicalSegment(bytes.slice().buffer));
      else damaged.push(segment);
    }
    for (const { id } of damaged) this.#damaged.add(id);
    if (damaged.length > 0) await this.#onDamage(damaged);
  }

  #createState(segments: readonly Segment[]): LexicalState {
    const parts: LexicalPart[] = [];
    const taken: Segment[] = [];
    let firstPosition = 0;
    for (const segment of segments) {
      const lexical = this.#opened.get(segment.id);
      if (lexical) {
        parts.push({ lexical, live: segment.live, firstPosition });
        taken.push(segment);
      }
      firstPosition += segment.rows;
    }
    const loadPositions: LoadPositions = async (part) => {
      const { id, rows, entry } = taken[part]!;
      if (entry.bytes.lexical === 0) return encodeWordless(rows).positions;
      const buffer = await this.#read((tables) => tables.get('positions', id));
      return unseal(buffer, id)?.slice().buffer;
    };
    return { index: new LexicalIndex(parts, this.#analyzer), segments: taken, loadPositions };
  }
}
