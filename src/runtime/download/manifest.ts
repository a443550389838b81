// Sizes and digests of a model's files: from `manifest.json` of its folder (made by `test/support/models-manifest.mjs`), or from a
// hub's listing, `GET /api/models/<id>/tree/<revision>`. Without either, files are checked by their length only.
import type { ModelSource } from '../../spec/model.ts';
import { retry, retryDefaults } from '../retry.ts';
import type { FileStore } from './file-store.ts';
import { manifestUrl } from './place.ts';
import { request } from './request.ts';

/** What is known of a file before it is asked for. */
export interface FileFacts {
  bytes: number;
  /** Hex. A hub tells it for large files only. */
  sha256?: string;
}

/** Files of one model by path; empty where nobody tells. */
export type Listing = ReadonlyMap<string, FileFacts>;

/** The listing of one model. */
export class Manifest {
  readonly #model: string;
  readonly #source: ModelSource;
  readonly #store: Promise<FileStore>;
  #fresh: Promise<Listing> | undefined;

  constructor(model: string, source: ModelSource, store: Promise<FileStore>) {
    this.#model = model;
    this.#source = source;
    this.#store = store;
  }

  /** The listing that was stored, so that a model that is here starts without a request; else that of the server. */
  async stored(signal?: AbortSignal): Promise<Listing> {
    const stored = this.#parse(await (await this.#store).json(this.#url));
    return stored.size > 0 ? stored : this.current(signal);
  }

  /** The listing of the server, asked for once; the stored one where it cannot be reached. */
  current(signal?: AbortSignal): Promise<Listing> {
    this.#fresh ??= this.#fetch(signal).catch((error) => {
      this.#fresh = undefined;
      throw error;
    });
    return this.#fresh;
  }

  /** Makes the next `current` ask the server again. */
  forget(): void {
    this.#fresh = undefined;
  }

  get #url(): string {
    return manifestUrl(this.#model, this.#source);
  }

  async #fetch(signal: AbortSignal | undefined): Promise<Listing> {
    const store = await this.#store;
    try {
      const value = await readJson(this.#url, signal);
      await store.setJson(this.#url, value).catch(() => {});
      return this.#parse(value);
    } catch {
      signal?.throwIfAborted();
      return this.#parse(await store.json(this.#url));
    }
  }

  #parse(value: unknown): Listing {
    return this.#source.host ? parseTree(value) : parseFolder(value, `${this.#model}/`);
  }
}

async function readJson(url: string, signal: AbortSignal | undefined): Promise<unknown> {
  const read = async () => {
    const { chunks } = await request(url, undefined, signal);
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
    return text + decoder.decode();
  };
  return JSON.parse(await retry(read, { ...retryDefaults, signal }));
}

/** `{ "<model>/<path>": { bytes, sha256 } }` */
function parseFolder(value: unknown, prefix: string): Listing {
  const entries = Object.entries((value ?? {}) as Record<string, Partial<FileFacts>>);
  const own = entries.filter(([name, facts]) => name.startsWith(prefix) && typeof facts?.bytes === 'number');
  return new Map(own.map(([name, facts]) => [name.slice(prefix.length), facts as FileFacts]));
}

/** `[{ type, path, size, lfs: { oid } }]`; `lfs.oid` is the SHA-256 of the content, whereas `oid` is git's. */
function parseTree(value: unknown): Listing {
  type Entry = { type?: string; path?: string; size?: number; lfs?: { oid?: string } };
  const files = Array.isArray(value)
    ? (value as Entry[]).filter(({ type, size }) => type === 'file' && typeof size === 'number')
    : [];
  return new Map(files.map(({ path, size, lfs }) => [path!, { bytes: size!, ...(lfs?.oid && { sha256: lfs.oid }) }]));
}
