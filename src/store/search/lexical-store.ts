// Lexical store: the lexical indexes of segments, read when words are first searched for.
import type { Manifest, Reads } from '../disk/database.ts';
import { unseal } from '../disk/sealed.ts';
import type { Analyzer } from '../lexical/analyzer.ts';
import { encodeWordless } from '../lexical/encode.ts';
import { LexicalIndex, type LoadPositions } from '../lexical/lexical-index.ts';
import { LexicalSegment } from '../lexical/lexical-segment.ts';
import type { LexicalPart } from '../lexical/statistics.ts';
import type { Segment } from '../segment.ts';
import { checkNamed, Outdated, type Snapshot } from '../snapshot.ts';
import type { ReadState } from './read-state.ts';

/** The index of one state of the collection. */
export interface LexicalState {
  index: LexicalIndex;
  /** The segments of its parts; those with a damaged record are missing. */
  segments: readonly Segment[];
  loadPositions: LoadPositions;
}

export class LexicalStore {
  readonly #analyzer: Analyzer;
  /** Told of segments whose words cannot be read. */
  readonly #onDamage: (tables: Reads, segments: readonly Segment[]) => Promise<void>;
  /** As long as the segments themselves are there, which a search keeps as they were when it began. */
  #opened = new WeakMap<Segment, LexicalSegment>();
  #damaged = new WeakSet<Segment>();
  #state: { snapshot: Snapshot; index: LexicalIndex; segments: readonly Segment[] } | undefined;

  constructor(analyzer: Analyzer, onDamage: (tables: Reads, segments: readonly Segment[]) => Promise<void>) {
    this.#analyzer = analyzer;
    this.#onDamage = onDamage;
  }

  /** The index over a snapshot, whose rows count from the first of its first segment. @throws Outdated */
  async open(snapshot: Snapshot, read: ReadState): Promise<LexicalState> {
    const missing: Segment[] = [];
    for (const { segment } of snapshot.segments) {
      if (this.#opened.has(segment) || this.#damaged.has(segment)) continue;
      if (segment.entry.bytes.lexical > 0) missing.push(segment);
      else this.#opened.set(segment, new LexicalSegment(encodeWordless(segment.rows).postings));
    }
    if (missing.length > 0) await this.#load(read, missing);
    if (this.#state?.snapshot !== snapshot) this.#state = { snapshot, ...this.#createIndex(snapshot) };
    const { index, segments } = this.#state;
    return { index, segments, loadPositions: (part) => this.#loadPositions(read, segments[part]!) };
  }

  /** Lets go of segments that are gone. */
  forget(): void {
    this.#state = undefined;
  }

  clear(): void {
    this.#opened = new WeakMap();
    this.#state = undefined;
  }

  async #load(read: ReadState, missing: readonly Segment[]): Promise<void> {
    await read(async (tables, manifest) => {
      const buffers = await Promise.all(missing.map(({ id }) => tables.get('postings', id)));
      const damaged: Segment[] = [];
      for (const [index, segment] of missing.entries()) {
        const bytes = unseal(buffers[index], segment.id);
        if (bytes) this.#opened.set(segment, new LexicalSegment(bytes));
        else damaged.push(segment);
      }
      await this.#lose(tables, await manifest, damaged);
    });
  }

  async #lose(tables: Reads, manifest: Manifest, damaged: readonly Segment[]): Promise<void> {
    for (const segment of damaged) checkNamed(manifest, segment);
    for (const segment of damaged) {
      this.#damaged.add(segment);
      this.#opened.delete(segment);
    }
    this.#state = undefined;
    if (damaged.length > 0) await this.#onDamage(tables, damaged);
  }

  #createIndex(snapshot: Snapshot): { index: LexicalIndex; segments: readonly Segment[] } {
    const parts: LexicalPart[] = [];
    const taken: Segment[] = [];
    let firstPosition = 0;
    for (const { segment, live } of snapshot.segments) {
      const lexical = this.#opened.get(segment);
      if (lexical) {
        parts.push({ lexical, live, firstPosition });
        taken.push(segment);
      }
      firstPosition += segment.rows;
    }
    return { index: new LexicalIndex(parts, this.#analyzer), segments: taken };
  }

  /** @throws Outdated where they are damaged: the search starts again without the words of the segment */
  async #loadPositions(read: ReadState, segment: Segment): Promise<ArrayBuffer> {
    if (segment.entry.bytes.lexical === 0) return encodeWordless(segment.rows).positions;
    return read(async (tables, manifest) => {
      const bytes = unseal(await tables.get('positions', segment.id), segment.id);
      if (bytes) return bytes.slice().buffer;
      await this.#lose(tables, await manifest, [segment]);
      throw new Outdated();
    });
  }
}
