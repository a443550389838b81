// Chroma (https://www.trychroma.com), by its HTTP API v2. Passages are one collection, the records of documents another: among the
// passages their vectors, which mean nothing, would lead the server's graph astray.
import { createHttp, type Http } from '../runtime/http.ts';
import type { CallOptions } from '../spec/call.ts';
import type { EmbeddingSpace } from '../spec/embedder.ts';
import type { Store } from '../spec/store.ts';
import type { ChromaServer } from '../spec/store-server.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { orMissing } from './or-missing.ts';
import type { FoundPassage, PassageDatabase, StoredDocument, StoredPassage } from './passage-database.ts';
import { RemoteStore } from './remote-store.ts';

/** Options of {@link chroma}. */
export interface ChromaOptions extends Omit<ChromaServer, 'kind'> {
  /** Name of the collection: 3 to 500 characters of a–z, A–Z, 0–9, `.`, `_` and `-`. Beside it `<name>.documents` is made. */
  name: string;
}

const chromaDefaults = { url: 'http://localhost:8000', tenant: 'default_tenant', database: 'default_database' };

/** Records of one request. */
const page = 1000;

/** What of a record is not its text or vector. */
type Metadata = Record<string, string | number>;

interface Collection {
  id: string;
  metadata: { space?: string } | null;
}

/** Records of documents need vectors too. */
const anyVector = [1];

interface Records {
  ids: string[];
  documents?: (string | null)[] | null;
  metadatas?: (Metadata | null)[] | null;
}

/**
 * A collection on a Chroma server: documents and their vectors leave the device. Dense search only.
 * @throws InpageError `invalid-argument` for an address that is none; each call `remote-failed` where the server fails
 */
export function chroma(options: ChromaOptions): Store {
  const { url, tenant, database } = withDefaults(chromaDefaults, options);
  const base = `${url.replace(/\/$/, '')}/api/v2/tenants/${encodeURIComponent(tenant)}/databases/${encodeURIComponent(database)}/`;
  const http = createHttp({
    baseUrl: base,
    headers: options.headers,
    unreachable: 'Chroma allows pages by cors_allow_origins in its configuration.',
  });
  return new RemoteStore(new ChromaDatabase(http, options.name), options.name);
}

class ChromaDatabase implements PassageDatabase {
  readonly #http: Http;
  readonly #name: string;

  constructor(http: Http, name: string) {
    this.#http = http;
    this.#name = name;
  }

  async space(call?: CallOptions): Promise<EmbeddingSpace | undefined> {
    const space = (await this.#find(this.#passages, call))?.metadata?.space;
    return space === undefined ? undefined : JSON.parse(space);
  }

  async create(space: EmbeddingSpace, call?: CallOptions): Promise<void> {
    await this.#http.json('collections', { name: this.#documents, get_or_create: true }, call);
    const settings = {
      name: this.#passages,
      get_or_create: true,
      metadata: { space: JSON.stringify(space) },
      configuration: { hnsw: { space: 'cosine' } },
    };
    await this.#http.json('collections', settings, call);
  }

  async drop(call?: CallOptions): Promise<void> {
    for (const name of [this.#passages, this.#documents])
      await orMissing(this.#http.json(path(name), undefined, { ...call, method: 'DELETE' }));
  }

  async documents(ids: readonly string[] | undefined, call?: CallOptions): Promise<StoredDocument[]> {
    if (ids?.length === 0) return [];
    const records = await this.#records(this.#documents, { ...(ids && { ids }), include: ['metadatas'] }, call);
    return records.map(({ metadata }) => JSON.parse(String(metadata.record)));
  }

  async text(id: string, call?: CallOptions): Promise<string> {
    const [record] = await this.#records(this.#documents, { ids: [id], include: ['documents'] }, call);
    return record?.text ?? '';
  }

  async putDocument(document: StoredDocument, text: string, call?: CallOptions): Promise<void> {
    await this.#upsert(
      this.#documents,
      [{ id: document.head.id, vector: anyVector, text, metadata: { record: JSON.stringify(document) } }],
      call,
    );
  }

  async putPassages(passages: readonly StoredPassage[], vectors: Float32Array, call?: CallOptions): Promise<void> {
    if (passages.length === 0) return;
    const dimension = vectors.length / passages.length;
    const records = passages.map(({ text, ...metadata }, row) => ({
      id: `${metadata.version}#${metadata.chunk}`,
      vector: [...vectors.subarray(row * dimension, (row + 1) * dimension)],
      text,
      metadata,
    }));
    await this.#upsert(this.#passages, records, call);
  }

  removeDocuments(ids: readonly string[], call?: CallOptions): Promise<void> {
    return this.#delete(this.#documents, ids, (some) => ({ ids: some }), call);
  }

  removePassages(versions: readonly string[], call?: CallOptions): Promise<void> {
    return this.#delete(this.#passages, versions, (some) => ({ where: { version: { $in: some } } }), call);
  }

  async versions(call?: CallOptions): Promise<ReadonlySet<string>> {
    const records = await this.#records(this.#passages, { include: ['metadatas'] }, call);
    return new Set(records.map(({ metadata }) => String(metadata.version)));
  }

  async search(
    vector: Float32Array,
    limit: number,
    versions: readonly string[] | undefined,
    call?: CallOptions,
  ): Promise<FoundPassage[]> {
    const collection = await this.#find(this.#passages, call);
    if (!collection) return [];
    const where = versions && { version: { $in: versions } };
    const include = ['documents', 'metadatas', 'distances'];
    const query = { query_embeddings: [[...vector]], n_results: limit, include, ...(where && { where }) };
    const found = (await this.#http.json(`collections/${collection.id}/query`, query, call)) as {
      ids: string[][];
      distances: number[][];
      documents: (string | null)[][];
      metadatas: Metadata[][];
    };
    return found.ids[0]!.map((_, index) => {
      const passage = found.metadatas[0]![index] as unknown as Omit<StoredPassage, 'text'>;
      return { ...passage, text: found.documents[0]![index] ?? '', score: 1 - found.distances[0]![index]! };
    });
  }

  get #passages(): string {
    return this.#name;
  }

  get #documents(): string {
    return `${this.#name}.documents`;
  }

  async #find(name: string, call?: CallOptions): Promise<Collection | undefined> {
    return orMissing(this.#http.json(path(name), undefined, call)) as Promise<Collection | undefined>;
  }

  /** @throws InpageError `not-found` where another store has cleared the collection meanwhile */
  async #upsert(
    name: string,
    records: readonly { id: string; vector: readonly number[]; text: string; metadata: Metadata }[],
    call?: CallOptions,
  ): Promise<void> {
    const collection = await this.#find(name, call);
    if (!collection) {
      throw new InpageError('not-found', `The collection "${this.#name}" was deleted on the server. Call bind() again.`);
    }
    const body = {
      ids: records.map(({ id }) => id),
      embeddings: records.map(({ vector }) => vector),
      documents: records.map(({ text }) => text),
      metadatas: records.map(({ metadata }) => metadata),
    };
    await this.#http.json(`collections/${collection.id}/upsert`, body, call);
  }

  async #delete(
    name: string,
    items: readonly string[],
    scope: (some: readonly string[]) => object,
    call?: CallOptions,
  ): Promise<void> {
    if (items.length === 0) return;
    const collection = await this.#find(name, call);
    for (let from = 0; collection && from < items.length; from += page)
      await this.#http.json(`collections/${collection.id}/delete`, scope(items.slice(from, from + page)), call);
  }

  /** Records page by page. */
  async #records(name: string, wanted: object, call?: CallOptions): Promise<{ text: string; metadata: Metadata }[]> {
    const collection = await this.#find(name, call);
    const records: { text: string; metadata: Metadata }[] = [];
    for (let offset = 0; collection; offset += page) {
      const request = { ...wanted, limit: page, offset };
      const found = (await this.#http.json(`collections/${collection.id}/get`, request, call)) as Records;
      for (const index of found.ids.keys())
        records.push({ text: found.documents?.[index] ?? '', metadata: found.metadatas?.[index] ?? {} });
      if (found.ids.length < page) break;
    }
    return records;
  }
}

/** Where a collection is by its name. */
function path(name: string): string {
  return `collections/${encodeURIComponent(name)}`;
}
