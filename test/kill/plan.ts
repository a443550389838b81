// Plan of a workload: what is written, removed and compacted, made from a seed and from what is there before.

/** Names a document's content, all of which follows from this. */
export interface Version {
  id: string;
  /** `fixture`: as it is in the collection of the old format. */
  kind: 'few' | 'small' | 'middle' | 'long' | 'many' | 'fixture';
  /** Never used twice. */
  version: number;
}

/** What becomes of a document; without `before` it is new, without `after` it goes. */
export interface Change {
  id: string;
  before?: Version;
  after?: Version;
}

/** Changes that become visible together or not at all. */
export type Unit = readonly Change[];

/** One call of the store, or several at the same moment. */
export interface Operation {
  /** `put` writes each unit, a document, at the same time; `import` takes one unit from a file. */
  type: 'put' | 'import' | 'remove' | 'clear' | 'compact';
  units: readonly Unit[];
}

/** What a workload does to the collection. */
export type Kind = 'ingest' | 'delete' | 'compact' | 'upgrade' | 'import';

/** A workload. */
export interface Plan {
  kind: Kind;
  collection: string;
  /** Begin with a copy of the fixture, which the first opening upgrades. */
  fixture: boolean;
  /** Each stream has a store of its own; else they share one. */
  ownStores: boolean;
  /** Run side by side; operations of a stream wait for the acknowledgment of the one before. No two touch the same document. */
  streams: readonly (readonly Operation[])[];
  /** The browser is killed at a moment within so many milliseconds. */
  window: number;
}

/** The documents of a collection, by id. */
export type Content = Map<string, Version>;

const operations = 400;
const idsPerStream = 12;

/** Makes workloads; versions go up over all of them. */
export class Planner {
  readonly #random: () => number;
  #version = 1;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A whole number from 0 to before `count`. */
  pick(count: number): number {
    return Math.floor(this.#random() * count);
  }

  plan(kind: Kind, collection: string, content: Content): Plan {
    const known = new Map(content);
    const fixture = kind === 'upgrade';
    const streams = Array.from({ length: 1 + this.pick(3) }, (_, stream) => {
      const own = [...known.keys()].filter((id) => streamOf(id) === stream);
      const ids = [...new Set([...own, ...Array.from({ length: idsPerStream }, (_, index) => `stream ${stream}/${index}`)])];
      return Array.from({ length: operations }, () => this.#operation(kind, stream, ids, known));
    });
    // One that does nothing else, beside the others.
    if (kind === 'compact') streams.push(Array.from({ length: operations }, () => ({ type: 'compact', units: [] })));
    if (kind === 'delete' && streams.length === 1 && this.#random() < 0.1) this.#clearOnce(streams[0]!, content);
    return {
      kind,
      collection,
      fixture,
      ownStores: this.#random() < 0.5,
      streams,
      // It is the upgrade that is to be hit, not what comes after it.
      window: fixture ? 600 : 800,
    };
  }

  #operation(kind: Kind, stream: number, ids: readonly string[], known: Content): Operation {
    const there = ids.filter((id) => known.has(id));
    const removes = { ingest: 0.1, delete: 0.5, compact: 0.3, upgrade: 0.3, import: 0.2 }[kind];
    if (there.length > 2 && this.#random() < removes) {
      const chosen = this.#choose(there, 1 + this.pick(4));
      const unit = chosen.map((id) => ({ id, before: known.get(id)! }));
      for (const id of chosen) known.delete(id);
      return { type: 'remove', units: [unit] };
    }
    const chosen = this.#choose(ids, this.#random() < 0.6 ? 1 : 1 + this.pick(6));
    const units = chosen.map((id) => [this.#put(id, known, 'small')]);
    const large = stream === 0 && kind !== 'upgrade';
    const heavy = this.#random();
    const [id, size] =
      heavy < 0.1
        ? ([`stream ${stream}/middle`, 'middle'] as const)
        : large && heavy < 0.3
          ? heavy < 0.2
            ? (['long', 'long'] as const)
            : (['many', 'many'] as const)
          : [];
    if (id && !chosen.includes(id)) units.push([this.#put(id, known, size)]);
    if (kind === 'import' && this.#random() < 0.6) return { type: 'import', units: [units.flat()] };
    return { type: 'put', units };
  }

  #put(id: string, known: Content, kind: Version['kind']): Change {
    const after: Version = { id, kind, version: this.#version++ };
    const before = known.get(id);
    known.set(id, after);
    return { id, before, after };
  }

  #choose(ids: readonly string[], count: number): string[] {
    return [...new Set(Array.from({ length: count }, () => ids[this.pick(ids.length)]!))];
  }

  /** Puts the removal of everything somewhere at the beginning, and what comes after it on top of that. */
  #clearOnce(stream: Operation[], content: Content): void {
    const at = this.pick(10);
    const known = new Map(content);
    for (const { units } of stream.slice(0, at)) for (const unit of units) applyUnit(known, unit);
    const cleared = [...known.values()].map((before) => ({ id: before.id, before }));
    stream.splice(at, stream.length, { type: 'clear', units: [cleared] });
  }
}

/** Takes a unit over into a content. */
export function applyUnit(content: Content, unit: Unit): void {
  for (const { id, after } of unit) {
    if (after) content.set(id, after);
    else content.delete(id);
  }
}

/** Documents that are in no stream's name belong to the first. */
function streamOf(id: string): number {
  return Number(/^stream (\d)/.exec(id)?.[1] ?? 0);
}
