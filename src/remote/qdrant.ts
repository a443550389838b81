// Qdrant (https://qdrant.tech), by its REST API. One collection holds documents and passages.
import { createHttp, type Http } from '../runtime/http.ts';
import type { CallOptions } from '../spec/call.ts';
import type { EmbeddingSpace } from '../spec/embedder.ts';
import type { Store } from '../spec/store.ts';
import type { QdrantServer } from '../spec/store-server.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { createDigest } from '../util/sha256.ts';
import { orMissing } from './or-missing.ts';
import type { FoundPassage, PassageDatabase, StoredDocument, StoredPassage } from './passage-database.ts';
import { RemoteStore } from './remote-store.ts';

/** Options of {@link qdrant}. */
export interface QdrantOptions extends Omit<QdrantServer, 'kind'> {
  /** Name of the collection. */
  name: string;
}

const qdrantDefaults = { url: 'http://localhost:6333' };

/** Points of one request. */
const page = 1000;

/** Fields that are filtered by, and therefore indexed. */
const indexed = ['kind', 'version'] as const;

type Payload = Record<string, unknown>;

interface Point {
  id: string;
  payload: Payload;
  score?: number;
}

type Condition = { key: string; match: { value: string } | { any: readonly string[] } };

/**
 * A collection on a Qdrant server: documents and their vectors leave the device. Dense search only.
 * @throws InpageError `invalid-argument` for an address that is none; each call `remote-failed` where the server fails
 */
export function qdrant(options: QdrantOptions): Store {
  const { url } = withDefaults(qdrantDefaults, options);
  const http = createHttp({
    baseUrl: url,
    headers: { ...options.headers, ...(options.apiKey && { 'api-key': options.apiKey }) },
  });
  return new RemoteStore(new QdrantDatabase(http, options.name), options.name);
}

class QdrantDatabase implements PassageDatabase {
  readonly #http: Http;
  readonly #path: string;
  readonly #name: string;

  constructor(http: Http, name: string) {
    this.#http = http;
    this.#name = name;
    this.#path = `collections/${encodeURIComponent(name)}`;
  }

  async space(call?: CallOptions): Promise<EmbeddingSpace | undefined> {
    const [point] = await this.#retrieve([spacePoint()], ['space'], call);
    return point && JSON.parse(String(point.payload.space));
  }

  async create(space: EmbeddingSpace, call?: CallOptions): Promise<void> {
    const vectors = { size: space.dimension, distance: 'Cosine' };
    try {
      await this.#http.json(this.#path, { vectors }, { ...call, method: 'PUT' });
    } catch (error) {
      // Another store was faster.
      if (!(InpageError.is(error, 'remote-failed') && [400, 409].includes(Number(error.detail.status)))) throw error;
      if (await this.space(call)) return;
    }
    for (const field of indexed) {
      const index = { field_name: field, field_schema: 'keyword' };
      await this.#http.json(`${this.#path}/index?wait=true`, index, { ...call, method: 'PUT' });
    }
    const payload = { kind: 'space', space: JSON.stringify(space), dimension: space.dimension };
    await this.#put([{ id: spacePoint(), vector: anyVector(space.dimension), payload }], call);
  }

  async drop(call?: CallOptions): Promise<void> {
    await orMissing(this.#http.json(this.#path, undefined, { ...call, method: 'DELETE' }));
  }

  async documents(ids: readonly string[] | undefined, call?: CallOptions): Promise<StoredDocument[]> {
    const points = ids
      ? await this.#retrieve(ids.map(documentPoint), ['record'], call)
      : await this.#scroll(is('kind', 'document'), ['record'], call);
    return points.map(({ payload }) => JSON.parse(String(payload.record)));
  }

  async text(id: string, call?: CallOptions): Promise<string> {
    const [point] = await this.#retrieve([documentPoint(id)], ['text'], call);
    return String(point?.payload.text ?? '');
  }

  async putDocument(document: StoredDocument, text: string, call?: CallOptions): Promise<void> {
    const payload = { kind: 'document', record: JSON.stringify(document), text };
    const vector = anyVector(await this.#dimension(call));
    await this.#put([{ id: documentPoint(document.head.id), vector, payload }], call);
  }

  async putPassages(passages: readonly StoredPassage[], vectors: Float32Array, call?: CallOptions): Promise<void> {
    if (passages.length === 0) return;
    const dimension = vectors.length / passages.length;
    const points = passages.map((passage, row) => ({
      id: pointId(`passage ${passage.version} ${passage.chunk}`),
      vector: [...vectors.subarray(row * dimension, (row + 1) * dimension)],
      payload: { kind: 'passage', ...passage },
    }));
    await this.#put(points, call);
  }

  async removeDocuments(ids: readonly string[], call?: CallOptions): Promise<void> {
    if (ids.length > 0) await this.#delete({ points: ids.map(documentPoint) }, call);
  }

  async removePassages(versions: readonly string[], call?: CallOptions): Promise<void> {
    if (versions.length > 0) await this.#delete({ filter: isOneOf('version', versions) }, call);
  }

  async versions(call?: CallOptions): Promise<ReadonlySet<string>> {
    const points = await this.#scroll(is('kind', 'passage'), ['version'], call);
    return new Set(points.map(({ payload }) => String(payload.version)));
  }

  async search(
    vector: Float32Array,
    limit: number,
    versions: readonly string[] | undefined,
    call?: CallOptions,
  ): Promise<FoundPassage[]> {
    const filter = versions ? isOneOf('version', versions) : is('kind', 'passage');
    const request = { query: [...vector], filter, limit, with_payload: true };
    const found = (await orMissing(this.#http.json(`${this.#path}/points/query`, request, call))) as
      | { result: { points: Point[] } }
      | undefined;
    return (found?.result.points ?? []).map(({ payload: { kind: _, ...passage }, score }) => ({
      ...(passage as unknown as StoredPassage),
      score: score!,
    }));
  }

  /** @throws InpageError `not-found` where another store has cleared the collection meanwhile */
  async #dimension(call?: CallOptions): Promise<number> {
    const space = await this.space(call);
    if (space) return space.dimension;
    throw new InpageError('not-found', `The collection "${this.#name}" was deleted on the server. Call bind() again.`);
  }

  async #retrieve(ids: readonly string[], fields: readonly string[], call?: CallOptions): Promise<Point[]> {
    const points: Point[] = [];
    for (let from = 0; from < ids.length; from += page) {
      const request = { ids: ids.slice(from, from + page), with_payload: fields };
      const found = (await orMissing(this.#http.json(`${this.#path}/points`, request, call))) as { result: Point[] } | undefined;
      points.push(...(found?.result ?? []));
    }
    return points;
  }

  async #scroll(filter: object, fields: readonly string[], call?: CallOptions): Promise<Point[]> {
    const points: Point[] = [];
    let offset: string | null | undefined;
    do {
      const request = { filter, limit: page, with_payload: fields, ...(offset && { offset }) };
      const found = (await orMissing(this.#http.json(`${this.#path}/points/scroll`, request, call))) as
        | { result: { points: Point[]; next_page_offset?: string | null } }
        | undefined;
      points.push(...(found?.result.points ?? []));
      offset = found?.result.next_page_offset;
    } while (offset);
    return points;
  }

  async #put(points: readonly object[], call?: CallOptions): Promise<void> {
    await this.#http.json(`${this.#path}/points?wait=true`, { points }, { ...call, method: 'PUT' });
  }

  async #delete(scope: object, call?: CallOptions): Promise<void> {
    await orMissing(this.#http.json(`${this.#path}/points/delete?wait=true`, scope, call));
  }
}

/** Every point needs a vector; those that are no passages are never looked for by it. */
function anyVector(dimension: number): number[] {
  return Array.from({ length: dimension }, (_, index) => (index === 0 ? 1 : 0));
}

function is(key: string, value: string): { must: Condition[] } {
  return { must: [{ key, match: { value } }] };
}

function isOneOf(key: string, any: readonly string[]): { must: Condition[] } {
  return { must: [{ key, match: { any } }] };
}

const spacePoint = () => pointId('space');
const documentPoint = (id: string) => pointId(`document ${id}`);

/** Points are numbered by UUIDs: the beginning of a digest, marked as a UUID of one's own making (version 8, RFC 9562). */
function pointId(name: string): string {
  const hex = createDigest().update(name).hex();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
