// View: what a store keeps in memory of its collection: the manifest and the segments that it names.
import { codesOfHead, openCodes } from './codes.ts';
import type { Manifest, Reads, SegmentEntry } from './disk/database.ts';
import { readManifest } from './disk/database.ts';
import { unseal } from './disk/sealed.ts';
import { decodeHead, type SegmentHead } from './disk/segment-head.ts';
import type { Kernel } from './kernels/kernel.ts';
import { allRows, clearBits, countBits } from './mask.ts';
import { Segment } from './segment.ts';
import type { Snapshot } from './snapshot.ts';

/** What a commit changes in a view. */
export interface Changes {
  manifest: Manifest;
  /** Heads of new segments. */
  heads: ReadonlyMap<number, ArrayBuffer>;
  /** Masks of segments of which rows were deleted. */
  live: ReadonlyMap<number, Uint16Array>;
  /** Ordinals of documents that are gone. */
  removed?: ReadonlySet<number>;
}

/** The state of a collection after one of its commits. */
export class View {
  #manifest: Manifest | undefined;
  #kernel: Kernel | undefined;
  readonly #createKernel: (dimension: number) => Kernel;
  readonly #segments = new Map<number, Segment>();
  /** Searches at work. */
  readonly #holds = new Set<symbol>();
  /** Segments that are gone from the collection while a search is at them. */
  #leaving: { segment: Segment; holds: Set<symbol> }[] = [];
  #damaged: ReadonlySet<number> = new Set();
  #incomplete: ReadonlyMap<number, string> = new Map();
  /** Whether `#incomplete` is that of the manifest. */
  #checked = true;
  #snapshot: Snapshot | undefined;
  /** Told of segments that are gone. */
  readonly onDrop: (segment: Segment) => void;

  constructor(createKernel: (dimension: number) => Kernel, onDrop: (segment: Segment) => void) {
    this.#createKernel = createKernel;
    this.onDrop = onDrop;
  }

  /** There only after the first `load`. */
  get manifest(): Manifest {
    return this.#manifest!;
  }

  /** There only where the collection has a space. */
  get kernel(): Kernel | undefined {
    return this.#kernel;
  }

  /** By number, in the order of the manifest; those with a damaged head are missing. */
  get segments(): ReadonlyMap<number, Segment> {
    return this.#segments;
  }

  /** Documents of which passages are lost with damaged records: ids by ordinal. */
  get incomplete(): ReadonlyMap<number, string> {
    return this.#incomplete;
  }

  /** Segments whose head is damaged. */
  get damaged(): ReadonlySet<number> {
    return this.#damaged;
  }

  /** The state as it is now, for a search. There only after the first `load`. */
  get snapshot(): Snapshot {
    this.#snapshot ??= {
      manifest: this.manifest,
      kernel: this.#kernel,
      segments: Array.from(this.#segments.values(), (segment) => ({ segment, live: segment.live, visible: segment.visible })),
    };
    return this.#snapshot;
  }

  /** Whether no other commit has taken place since. */
  isAt(manifest: { collection: string; epoch: number }): boolean {
    return manifest.collection === this.#manifest?.collection && manifest.epoch === this.#manifest.epoch;
  }

  /**
   * Brings the view up to the state on disk, reading only what it does not have; gives the manifest as it is on disk and whether
   * more was found damaged than before.
   * @throws InpageError `format-unsupported`
   */
  async load(tables: Reads): Promise<{ manifest: Manifest; damaged: boolean }> {
    const manifest = await readManifest(tables);
    const bare = [...this.#segments.values()].filter(({ codes }) => !codes);
    if (this.isAt(manifest) && this.#checked && bare.length === 0) return { manifest, damaged: false };
    // Numbers are never used again within a collection, so what has a known number is known.
    const same = manifest.collection === this.#manifest?.collection;
    const known = (id: number) => (same ? this.#segments.get(id) : undefined);
    const unknown = manifest.segments.filter(({ id }) => !known(id)?.codes);
    const changed = manifest.segments.filter(({ id, deletedAt }) => deletedAt !== (known(id)?.entry.deletedAt ?? 0));
    const heads = new Map<number, ArrayBuffer>();
    const live = new Map<number, Uint16Array>();
    await Promise.all([
      ...unknown.map(async ({ id }) => {
        const head = await tables.get('segments', id);
        if (head) heads.set(id, head);
      }),
      ...changed.map(async (entry) => {
        const mask = openMask(await tables.get('live', entry.id), entry);
        if (mask) live.set(entry.id, mask);
      }),
    ]);
    const ordinals = live.size < changed.length ? new Set(await tables.keys('documents')) : undefined;
    // From here on nothing waits, so that no reader sees half of it.
    if (!this.isAt(manifest)) {
      if (!same) this.#forgetAll();
      this.#set({ manifest, heads, live }, ordinals);
    }
    for (const segment of bare) this.#restoreCodes(segment, heads.get(segment.id));
    return { manifest, damaged: await this.#findIncomplete(tables) };
  }

  /** Takes over a commit of one's own, unless the view has moved on. */
  apply(changes: Changes): void {
    const { collection, epoch } = changes.manifest;
    if (this.isAt({ collection, epoch: epoch - 1 })) this.#set(changes);
  }

  /** Notes rows that cannot be read; gives the ids of the documents that have lost passages. */
  async loseRows(tables: Reads, segment: Segment, from: number, to: number): Promise<string[]> {
    segment.lose(from, to);
    this.#snapshot = undefined;
    return this.loseParts(tables, segment.runs.ordinals.subarray(segment.runOf(from), segment.runOf(to - 1) + 1));
  }

  /** Notes that something else of documents cannot be read; gives the ids of those that were whole so far. */
  async loseParts(tables: Reads, ordinals: Iterable<number>): Promise<string[]> {
    const unknown = [...ordinals].filter((ordinal) => !this.#incomplete.has(ordinal));
    const documents = await Promise.all(unknown.map((ordinal) => tables.get('documents', ordinal)));
    const found = documents.flatMap((document, index) => (document ? [[unknown[index]!, document.id] as const] : []));
    this.#incomplete = new Map([...this.#incomplete, ...found]);
    return found.map(([, id]) => id);
  }

  /** Runs work on the segments as they are now; they stay in memory until it ends. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    const hold = Symbol();
    this.#holds.add(hold);
    try {
      return await work();
    } finally {
      this.#holds.delete(hold);
      this.#leaving = this.#leaving.filter(({ segment, holds }) => {
        holds.delete(hold);
        if (holds.size === 0) segment.free();
        return holds.size > 0;
      });
    }
  }

  /** Frees the kernel's memory. */
  clear(): void {
    this.#forgetAll();
    this.#manifest = undefined;
  }

  #set({ manifest, heads, live, removed }: Changes, ordinals?: ReadonlySet<number>): void {
    const { space } = manifest;
    if (this.#kernel?.dimension !== space?.dimension) this.#kernel = space && this.#createKernel(space.dimension);
    const damaged = new Set<number>();
    const segments = manifest.segments.flatMap((entry) => {
      const segment = this.#segments.get(entry.id) ?? this.#open(entry, heads.get(entry.id));
      if (!segment) {
        damaged.add(entry.id);
        return [];
      }
      if (entry.deletedAt !== segment.entry.deletedAt || (entry.deletedAt > 0 && !segment.live))
        segment.setLive(entry, live.get(entry.id) ?? liveByDocuments(segment, ordinals));
      return [segment];
    });
    const named = new Set(segments);
    for (const segment of this.#segments.values()) if (!named.has(segment)) this.#drop(segment);
    this.#segments.clear();
    for (const segment of segments) this.#segments.set(segment.id, segment);
    this.#damaged = damaged;
    if (removed) this.#incomplete = new Map([...this.#incomplete].filter(([ordinal]) => !removed.has(ordinal)));
    else this.#checked = this.#incomplete.size === 0 && damaged.size === 0;
    this.#manifest = manifest;
    this.#snapshot = undefined;
  }

  #open(entry: SegmentEntry, buffer: ArrayBuffer | undefined): Segment | undefined {
    const head = this.#decodeHead(entry, buffer);
    return head && new Segment(entry, head, this.#kernel!);
  }

  #decodeHead({ id, rows }: SegmentEntry, buffer: ArrayBuffer | undefined): SegmentHead | undefined {
    return decodeHead(buffer, { id, rows, dimension: this.#kernel!.dimension });
  }

  /** Gives codes that were lost with a shard back to a segment, if it still is in the collection and has none. */
  #restoreCodes(segment: Segment, buffer: ArrayBuffer | undefined): void {
    if (segment.codes || this.#segments.get(segment.id) !== segment) return;
    const head = this.#decodeHead(segment.entry, buffer);
    if (head) segment.codes = openCodes(this.#kernel!, codesOfHead(head));
    else {
      this.#segments.delete(segment.id);
      this.#drop(segment);
      this.#damaged = new Set([...this.#damaged, segment.id]);
      this.#checked = false;
      this.#snapshot = undefined;
    }
  }

  /**
   * Forgets documents that are gone, and finds those with fewer rows than passages: which were in a damaged head can be told only
   * from what is missing. Tells whether there are more than before.
   */
  async #findIncomplete(tables: Reads): Promise<boolean> {
    if (this.#checked) return false;
    const ordinals = await tables.keys('documents');
    const documents = this.#damaged.size > 0 ? await tables.values('documents') : [];
    const rows = new Map<number, number>();
    for (const { runs } of documents.length > 0 ? this.#segments.values() : []) {
      for (const [run, ordinal] of runs.ordinals.entries())
        rows.set(ordinal, (rows.get(ordinal) ?? 0) + runs.starts[run + 1]! - runs.starts[run]!);
    }
    const before = this.#incomplete;
    const found = new Map<number, string>();
    for (const [index, ordinal] of ordinals.entries()) {
      const document = documents[index];
      const id = document && (rows.get(ordinal) ?? 0) < document.chunks ? document.id : before.get(ordinal);
      if (id !== undefined) found.set(ordinal, id);
    }
    this.#incomplete = found;
    this.#checked = true;
    return [...found.keys()].some((ordinal) => !before.has(ordinal));
  }

  #drop(segment: Segment): void {
    if (this.#holds.size > 0) this.#leaving.push({ segment, holds: new Set(this.#holds) });
    else segment.free();
    this.onDrop(segment);
  }

  #forgetAll(): void {
    for (const segment of this.#segments.values()) this.#drop(segment);
    this.#segments.clear();
    this.#damaged = new Set();
    this.#incomplete = new Map();
    this.#checked = true;
    this.#snapshot = undefined;
    this.#kernel = undefined;
  }
}

function openMask(buffer: ArrayBuffer | undefined, entry: SegmentEntry): Uint16Array | undefined {
  const bytes = unseal(buffer, entry.id);
  const mask = bytes && new Uint16Array(bytes.buffer.slice(0, bytes.length));
  return mask && countBits(mask) === entry.rows - entry.deleted ? mask : undefined;
}

/** What a damaged mask said: rows are deleted whose documents are gone. */
function liveByDocuments(segment: Segment, ordinals: ReadonlySet<number> | undefined): Uint16Array | undefined {
  if (!ordinals) return segment.live;
  const { runs } = segment;
  const mask = allRows(segment.rows);
  for (const [run, ordinal] of runs.ordinals.entries())
    if (!ordinals.has(ordinal)) clearBits(mask, runs.starts[run]!, runs.starts[run + 1]!);
  return mask;
}
