// The outline of a collection in its worker: built when it is first asked for, kept beside the collection, and built anew when more
// than a tenth of the passages have changed.

import type { CallOptions } from '../spec/call.ts';
import type { OutlineGroup } from '../spec/outline.ts';
import type { Hit, Store } from '../spec/store.ts';
import type { Records } from '../store/records.ts';
import { PassageRows } from './passage-rows.ts';

/** Share of passages that may have changed. */
const tolerated = 0.1;
/** Larger collections are outlined by a part of their documents, so that the vectors fit into memory. */
const mostPassages = 20_000;

/** What is stored. */
interface KeptOutline {
  /** Digest and passages of each document, by id. */
  documents: ReadonlyMap<string, { hash: string; chunks: number }>;
  nodes: readonly { layer: number; centroid: Float32Array; central: readonly { id: string; vector: Float32Array }[] }[];
}

export class OutlineKeeper {
  readonly #store: () => Store;
  readonly #records: () => Promise<Records>;
  #kept: KeptOutline | undefined;

  constructor(store: () => Store, records: () => Promise<Records>) {
    this.#store = store;
    this.#records = records;
  }

  /** The nearest groups to a question's vector. */
  async groups(vector: Float32Array, count: number, { signal }: CallOptions): Promise<OutlineGroup[]> {
    const { nodes } = await this.#current(signal);
    const near = nodes
      .map((node) => ({ node, score: node.centroid.reduce((sum, value, d) => sum + value * vector[d]!, 0) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, count);
    return Promise.all(
      near.map(async ({ node: { layer, central }, score }) => ({ layer, score, central: await this.#find(central, signal) })),
    );
  }

  /** Passages by their vectors: each is the nearest to its own. Those that are gone are left out. */
  async #find(central: KeptOutline['nodes'][number]['central'], signal: AbortSignal | undefined): Promise<Hit[]> {
    const found = await this.#store().search(central.map(({ vector }) => ({ vector, k: 3, signal })));
    return central.flatMap(({ id }, i) => found[i]!.find((hit) => hit.id === id) ?? []);
  }

  async #current(signal: AbortSignal | undefined): Promise<KeptOutline> {
    const records = await this.#records();
    const documents = new Map((await this.#store().list()).map(({ id, hash, chunks }) => [id, { hash, chunks }]));
    this.#kept ??= await records.get<KeptOutline>('outline');
    if (!this.#kept || changedShare(this.#kept.documents, documents) > tolerated) {
      this.#kept = await this.#build(documents, signal);
      await records.put('outline', this.#kept);
    }
    return this.#kept;
  }

  async #build(documents: KeptOutline['documents'], signal: AbortSignal | undefined): Promise<KeptOutline> {
    const { buildOutline } = await import('../outline/build-outline.ts');
    const rows = new PassageRows(this.#store());
    for (const id of documents.keys()) {
      signal?.throwIfAborted();
      if (rows.ids.length >= mostPassages) break;
      await rows.load(id);
    }
    const nodes = await buildOutline(rows.vectors(), rows.dimension, { signal });
    const passage = (row: number) => ({ id: rows.ids[row]!, vector: rows.vector(row) });
    return { documents, nodes: nodes.map(({ central, ...node }) => ({ ...node, central: central.map(passage) })) };
  }
}

/** Passages of documents that came, went or changed, as a share of all. */
function changedShare(before: KeptOutline['documents'], now: KeptOutline['documents']): number {
  let all = 0;
  let changed = 0;
  for (const id of new Set([...before.keys(), ...now.keys()])) {
    const [old, current] = [before.get(id), now.get(id)];
    const chunks = Math.max(old?.chunks ?? 0, current?.chunks ?? 0);
    all += chunks;
    if (old?.hash !== current?.hash) changed += chunks;
  }
  return all === 0 ? 0 : changed / all;
}
