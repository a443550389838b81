// Model files in Cache Storage. A file is a record and its pieces, each an entry beside the file's address; the record says when
// the pieces are all there and right. An entry at the address itself is a whole file, as inpage 0.1 stored it: it stays usable.
import type { ModelSource } from '../../spec/model.ts';
import { InpageError } from '../../util/errors.ts';
import { cut, type Piece } from './pieces.ts';

const cacheName = 'inpage-models-v1';

/** Pieces read at a time: the time of one is mostly waiting for the browser's other processes. */
const readAhead = 4;

/** What is known of a file that is here or on its way. */
export interface FileRecord {
  model: string;
  source: ModelSource;
  /** Names the content: pieces of different ones never mix. Empty where neither digest nor validator is known. */
  version: string;
  /** Size of the file; undefined while that is not known. */
  bytes?: number;
  /** Size of its pieces. */
  pieceBytes: number;
  /** All pieces are here and were checked. */
  complete: boolean;
}

/** The part of `Cache` that downloading needs. */
type EntryCache = Pick<Cache, 'match' | 'put' | 'delete'>;

/** The cache of all models, or undefined where the browser has none (plain http) or forbids it. */
export async function openModelCache(): Promise<Cache | undefined> {
  try {
    return await globalThis.caches?.open(cacheName);
  } catch {
    return undefined;
  }
}

const query = '?inpage=';

/** Address of a file's record. */
export const recordKey = (url: string) => `${url}${query}record`;

/** Address of the note that a file does not exist. */
export const absentKey = (url: string) => `${url}${query}absent`;

/** Address of a piece of a file. */
export const pieceKey = (url: string, version: string, { start, end }: Piece) => `${url}${query}${version}.${start}-${end}`;

/** What an address in the cache is: a record or note, or so many bytes of a file; of a whole file only the browser knows the size. */
export function parseKey(key: string): { url: string; kind: 'record' | 'absent' | 'whole' } | { url: string; bytes: number } {
  const at = key.lastIndexOf(query);
  if (at < 0) return { url: key, kind: 'whole' };
  const [url, name] = [key.slice(0, at), key.slice(at + query.length)];
  if (name === 'record' || name === 'absent') return { url, kind: name };
  const [start, end] = name.slice(name.lastIndexOf('.') + 1).split('-');
  return { url, bytes: Number(end) - Number(start) };
}

/** The files of all models; in memory where there is no Cache Storage. */
export class FileStore {
  /** Other tabs see the same files. */
  readonly shared: boolean;
  readonly #cache: EntryCache;

  private constructor(cache: Cache | undefined) {
    this.shared = cache !== undefined;
    this.#cache = cache ?? memoryCache();
  }

  static async open(): Promise<FileStore> {
    return new FileStore(await openModelCache());
  }

  /** The record of a file. */
  async record(url: string): Promise<FileRecord | undefined> {
    return (await this.#cache.match(recordKey(url)))?.json();
  }

  /** @throws DOMException `QuotaExceededError` */
  setRecord(url: string, record: FileRecord): Promise<void> {
    return this.#cache.put(recordKey(url), Response.json(record));
  }

  /** Whether a file is here as a whole; with this content, if a version is given. */
  async has(url: string, version?: string): Promise<boolean> {
    const record = await this.record(url);
    return record?.complete ? version === undefined || record.version === version : this.#present(url);
  }

  /** A file that is here as a whole. Its body rejects with `model-corrupt` if a part was deleted meanwhile. */
  async file(url: string): Promise<Response | undefined> {
    const record = await this.record(url);
    if (!record?.complete) return this.#cache.match(url);
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(record.bytes) };
    return new Response(this.#stream(url, record), { headers });
  }

  /** Which pieces of a file are here. */
  async pieces(url: string, record: FileRecord): Promise<Piece[]> {
    const all = cut(record.bytes ?? 0, record.pieceBytes);
    const here = await Promise.all(all.map((piece) => this.#present(pieceKey(url, record.version, piece))));
    return all.filter((_, i) => here[i]);
  }

  /** @throws DOMException `QuotaExceededError` */
  writePiece(url: string, { version }: FileRecord, piece: Piece, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#cache.put(
      pieceKey(url, version, piece),
      new Response(bytes, { headers: { 'content-length': String(bytes.length) } }),
    );
  }

  /** @throws InpageError `model-corrupt` if it is not here; the file then counts as incomplete */
  async readPiece(url: string, record: FileRecord, piece: Piece): Promise<Uint8Array<ArrayBuffer>> {
    const found = await this.#cache.match(pieceKey(url, record.version, piece));
    const bytes = found && new Uint8Array(await found.arrayBuffer());
    if (bytes?.length === piece.end - piece.start) return bytes;
    // Deleted altogether, or in part.
    if (await this.record(url)) await this.setRecord(url, { ...record, complete: false });
    throw new InpageError('model-corrupt', `A part of ${url} is no longer in the browser storage. Load the model again.`, {
      detail: { model: record.model, url },
    });
  }

  /** Deletes what there is of a file. */
  async drop(url: string): Promise<void> {
    await this.#cache.delete(url);
    const record = await this.record(url);
    if (!record) return;
    const { version, bytes = Number.POSITIVE_INFINITY, pieceBytes } = record;
    for (let start = 0; start < bytes; start += pieceBytes) {
      const piece = { start, end: Math.min(bytes, start + pieceBytes) };
      const deleted = await this.#cache.delete(pieceKey(url, version, piece));
      // Where the size is not known, the pieces came in order.
      if (!deleted && record.bytes === undefined) break;
    }
    // It goes last, so that pieces are not left without it.
    await this.#cache.delete(recordKey(url));
  }

  /** Notes that a file does not exist, so that nobody asks for it again. */
  setAbsent(url: string): Promise<void> {
    return this.#cache.put(absentKey(url), new Response());
  }

  /** Whether it was noted that the file does not exist. */
  isAbsent(url: string): Promise<boolean> {
    return this.#present(absentKey(url));
  }

  /** JSON that was stored under an address. */
  async json(url: string): Promise<unknown> {
    return (await this.#cache.match(url))?.json();
  }

  /** Stores JSON under an address. */
  setJson(url: string, value: unknown): Promise<void> {
    return this.#cache.put(url, Response.json(value));
  }

  async #present(key: string): Promise<boolean> {
    const found = await this.#cache.match(key);
    await found?.body?.cancel();
    return found !== undefined;
  }

  #stream(url: string, record: FileRecord): ReadableStream<Uint8Array> {
    const pieces = cut(record.bytes!, record.pieceBytes).values();
    const coming: Promise<Uint8Array>[] = [];
    const read = (piece: Piece) => {
      const bytes = this.readPiece(url, record, piece);
      // Told when its turn comes.
      bytes.catch(() => {});
      coming.push(bytes);
    };
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          for (let next = pieces.next(); next.value; next = pieces.next()) {
            read(next.value);
            if (coming.length >= readAhead) break;
          }
          const bytes = await coming.shift();
          if (bytes) controller.enqueue(bytes);
          else controller.close();
        },
      },
      // Nothing is read before somebody wants it.
      { highWaterMark: 0 },
    );
  }
}

function memoryCache(): EntryCache {
  const entries = new Map<string, Blob>();
  return {
    async match(key) {
      const entry = entries.get(String(key));
      return entry && new Response(entry);
    },
    async put(key, response) {
      entries.set(String(key), await response.blob());
    },
    async delete(key) {
      return entries.delete(String(key));
    },
  };
}
