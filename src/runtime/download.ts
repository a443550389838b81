// Model files: found, checked and kept in Cache Storage, so that a model library only ever sees complete, right files.
import type { ModelFile, ModelSource } from '../spec/model.ts';
import { abortError, InpageError, isAbort } from '../util/errors.ts';
import { createDigest } from '../util/sha256.ts';

const cacheName = 'inpage-models-v1';

/** Told the bytes of a file so far. */
type FileProgress = (loaded: number) => void;

/** Where files are kept: Cache Storage, or memory where there is none (plain http, private mode). */
interface FileCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
}

async function openCache(): Promise<FileCache> {
  try {
    if (globalThis.caches) return await caches.open(cacheName);
  } catch {
    // Blocked by the browser's settings: memory will do.
  }
  const files = new Map<string, Blob>();
  return {
    async match(url) {
      const blob = files.get(url);
      return blob && new Response(blob);
    },
    async put(url, response) {
      files.set(url, await response.blob());
    },
  };
}

/** Sizes and digests of the files under a base, as `models/manifest.json` has them. */
type Manifest = Record<string, { bytes: number; sha256: string }>;

/** The files of one model at one place. */
export class ModelFiles {
  readonly model: string;
  readonly #source: ModelSource;
  readonly #cache = openCache();
  #manifest: Promise<Manifest> | undefined;

  /** `source.base` and `source.host` must be absolute here: a worker has another base than its page. */
  constructor(model: string, source: ModelSource) {
    this.model = model;
    this.#source = source;
  }

  /** Describes a file of the model. */
  async describe(path: string, signal?: AbortSignal): Promise<ModelFile> {
    const known = (await this.#readManifest(signal))[`${this.model}/${path}`];
    return { path, url: this.#url(path), ...known };
  }

  /** The file if it is in the cache. */
  async cached(path: string): Promise<Response | undefined> {
    return (await this.#cache).match(this.#url(path));
  }

  /** Size of a file that the manifest does not know, from the server. */
  async size(file: ModelFile, signal?: AbortSignal): Promise<number | undefined> {
    if (file.bytes !== undefined) return file.bytes;
    const response = await fetch(file.url, { method: 'HEAD', ...(signal && { signal }) }).catch(() => undefined);
    signal?.throwIfAborted();
    const length = Number(response?.headers.get('x-linked-size') ?? response?.headers.get('content-length'));
    return response?.ok && length > 0 ? length : undefined;
  }

  /** Reads a small file as JSON, from the cache or the place; `undefined` if it is `optional` and not there. */
  async json<T>(
    path: string,
    { optional = false, signal }: { optional?: boolean; signal?: AbortSignal } = {},
  ): Promise<T | undefined> {
    const found = await this.cached(path);
    if (!found) {
      // Where a manifest lists the model's files, a file that it does not list need not be asked for at every start.
      if (optional && (await this.#listed(signal)) && !(await this.describe(path, signal)).sha256) return undefined;
      try {
        await this.download(await this.describe(path, signal), { signal });
      } catch (error) {
        if (optional && InpageError.is(error, 'model-not-found')) return undefined;
        throw error;
      }
    }
    const response = found ?? (await this.cached(path));
    try {
      return (await response?.json()) as T;
    } catch (cause) {
      throw this.#corrupt(path, 'it is not JSON', cause);
    }
  }

  /**
   * Downloads a file into the cache. Nothing is kept unless the file is complete and right.
   * @throws InpageError `model-not-found`, `model-download-failed`, `model-corrupt`, `quota-exceeded`
   */
  async download(
    file: ModelFile,
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: FileProgress } = {},
  ): Promise<void> {
    const response = await this.#request(file, signal);
    // With a content encoding the length is that of the encoded bytes.
    const encoded = response.headers.has('content-encoding');
    const expected = file.bytes ?? (encoded ? undefined : Number(response.headers.get('content-length')) || undefined);
    const check = this.#check(file, expected, onProgress);
    const body = response.body?.pipeThrough(check.stream);
    try {
      await (await this.#cache).put(file.url, new Response(body, { headers: { 'content-type': 'application/octet-stream' } }));
    } catch (error) {
      // The cache may wrap what the stream threw.
      const cause = check.failure() ?? error;
      if (signal?.aborted) throw abortError(signal);
      if (InpageError.is(cause) || isAbort(cause)) throw cause;
      if ((cause as Error)?.name === 'QuotaExceededError') {
        throw new InpageError(
          'quota-exceeded',
          `There is no room in the browser storage for ${this.model}/${file.path} (${file.bytes ?? 'unknown'} bytes). Free some space or use a smaller model.`,
          { cause, detail: { model: this.model, file: file.path } },
        );
      }
      throw this.#broken(file, 'the connection ended before the file was complete', cause);
    }
  }

  async #request(file: ModelFile, signal: AbortSignal | undefined): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(file.url, signal ? { signal } : {});
    } catch (cause) {
      if (signal?.aborted) throw abortError(signal);
      throw this.#broken(file, 'the server cannot be reached', cause);
    }
    const html = response.headers.get('content-type')?.includes('text/html');
    if (response.status === 404 || response.status === 401 || (response.ok && html)) {
      await response.body?.cancel();
      const answer = html ? 'the server answered with a web page' : `the server answered ${response.status}`;
      throw new InpageError(
        'model-not-found',
        `The model "${this.model}" was not found at ${file.url}: ${answer}. Check the id and \`models.base\` (a folder that you serve) or \`models.host\` (a hub).`,
        { detail: { model: this.model, file: file.path, url: file.url, status: response.status } },
      );
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw this.#broken(file, `the server answered ${response.status}`);
    }
    return response;
  }

  /** Counts, digests and passes the bytes on; fails at the end if they are not the file's. */
  #check(file: ModelFile, expected: number | undefined, onProgress?: FileProgress) {
    const digest = file.sha256 ? createDigest() : undefined;
    let loaded = 0;
    let failure: InpageError | undefined;
    const stream = new TransformStream<Uint8Array, Uint8Array>({
      transform: (piece, controller) => {
        loaded += piece.byteLength;
        digest?.update(piece);
        onProgress?.(loaded);
        controller.enqueue(piece);
      },
      flush: () => {
        if (expected !== undefined && loaded < expected) {
          failure = this.#broken(file, `the connection ended after ${loaded} of ${expected} bytes`);
        } else {
          const actual = digest?.hex();
          if (actual !== file.sha256) failure = this.#corrupt(file.path, `its SHA-256 is ${actual}, not ${file.sha256}`);
        }
        if (failure) throw failure;
      },
    });
    return { stream, failure: () => failure };
  }

  async #listed(signal: AbortSignal | undefined): Promise<boolean> {
    return `${this.model}/config.json` in (await this.#readManifest(signal));
  }

  #readManifest(signal: AbortSignal | undefined): Promise<Manifest> {
    const { base } = this.#source;
    if (!base) return Promise.resolve({});
    this.#manifest ??= this.#loadManifest(`${base}manifest.json`, signal).catch((error) => {
      this.#manifest = undefined;
      throw error;
    });
    return this.#manifest;
  }

  /** A folder without a manifest is fine: its files are then checked by length only. */
  async #loadManifest(url: string, signal: AbortSignal | undefined): Promise<Manifest> {
    const cache = await this.#cache;
    let response = await cache.match(url);
    if (!response) {
      const fetched = await fetch(url, signal ? { signal } : {}).catch(() => undefined);
      signal?.throwIfAborted();
      if (!fetched?.ok || fetched.headers.get('content-type')?.includes('text/html')) return {};
      await cache.put(url, fetched.clone()).catch(() => {});
      response = fetched;
    }
    return (await response.json().catch(() => ({}))) as Manifest;
  }

  #url(path: string): string {
    const { base, host, revision = 'main' } = this.#source;
    if (host) return `${host.replace(/\/$/, '')}/${this.model}/resolve/${encodeURIComponent(revision)}/${path}`;
    return `${base}${this.model}/${path}`;
  }

  #broken(file: ModelFile, reason: string, cause?: unknown): InpageError {
    return new InpageError(
      'model-download-failed',
      `Downloading ${this.model}/${file.path} failed: ${reason}. Files that are complete are kept; try again.`,
      { cause, detail: { model: this.model, file: file.path, url: file.url } },
    );
  }

  #corrupt(path: string, reason: string, cause?: unknown): InpageError {
    return new InpageError(
      'model-corrupt',
      `${this.model}/${path} is damaged or has been altered: ${reason}. It was not kept; check the server's copy.`,
      { cause, detail: { model: this.model, file: path } },
    );
  }
}
