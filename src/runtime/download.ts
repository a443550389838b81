// Model files: found, checked and kept in the browser storage, so that a model library only ever sees complete, right files.
import type { CallOptions } from '../spec/call.ts';
import type { ModelFile, ModelSource } from '../spec/model.ts';
import { InpageError } from '../util/errors.ts';
import { corrupt, explainFailure } from './download/explain-failure.ts';
import { type FetchFileOptions, fetchFile, fits, versionOf } from './download/fetch-file.ts';
import { FileStore } from './download/file-store.ts';
import { Manifest } from './download/manifest.ts';
import { measureFile } from './download/measure-file.ts';
import { oneTabAtATime } from './download/one-tab.ts';
import { pieceBytes, total } from './download/pieces.ts';
import { modelPrefix } from './download/place.ts';
import { Unfit } from './download/request.ts';

/** Options of {@link ModelFiles.download}. */
export interface FileDownloadOptions extends CallOptions {
  /** Told the bytes of the file that are here, also while another tab downloads it. */
  onProgress?: (loaded: number) => void;
}

/** The files of one model at one place. */
export class ModelFiles {
  readonly model: string;
  readonly #source: ModelSource;
  readonly #store = FileStore.open();
  readonly #manifest: Manifest;

  /** `source.base` and `source.host` must be absolute here: a worker has another base than its page. */
  constructor(model: string, source: ModelSource) {
    this.model = model;
    this.#source = source;
    this.#manifest = new Manifest(model, source, this.#store);
  }

  /**
   * Describes a file that is to be downloaded.
   * @param path within the model; or an absolute address, for a part that lies elsewhere
   */
  async describe(path: string, signal?: AbortSignal): Promise<ModelFile> {
    return { path, url: this.#url(path), ...(await this.#manifest.current(signal)).get(path) };
  }

  /** Paths of the model's files, where the folder's manifest or the hub lists them; else nothing. */
  async list(signal?: AbortSignal): Promise<string[]> {
    return [...(await this.#manifest.stored(signal)).keys()];
  }

  /** Whether a file is here, complete and checked. */
  async has(path: string): Promise<boolean> {
    return (await this.#store).has(this.#url(path));
  }

  /** Whether a file is here with the content that is described. */
  async hasCurrent(file: ModelFile): Promise<boolean> {
    return (await this.#store).has(file.url, versionOf(file));
  }

  /** The complete, checked file if it is here. Its body fails with `model-corrupt` if it is deleted in the meantime. */
  async cached(path: string): Promise<Response | undefined> {
    return (await this.#store).file(this.#url(path));
  }

  /** The file with its size, asked from the server where the manifest does not tell. */
  async measure(file: ModelFile, signal?: AbortSignal): Promise<ModelFile> {
    return file.bytes === undefined ? { ...file, ...(await measureFile(file.url, signal)) } : file;
  }

  /** Bytes of a file that an interrupted download has left. */
  async stored(file: ModelFile): Promise<number> {
    const store = await this.#store;
    const record = await store.record(file.url);
    return record && fits(record, file) ? total(await store.pieces(file.url, record)) : 0;
  }

  /** Notes files that are about to be downloaded, so that a model of which some are still missing counts as incomplete. */
  async announce(files: readonly ModelFile[]): Promise<void> {
    const store = await this.#store;
    for (const { url, bytes } of files) {
      if (await store.record(url)) continue;
      const place = { model: this.model, source: this.#source };
      const record = { ...place, version: '', bytes, pieceBytes: pieceBytes(bytes), complete: false };
      // Without room the download says so.
      await store.setRecord(url, record).catch(() => {});
    }
  }

  /** Reads a small file as JSON, from the storage or the place; `undefined` if it is `optional` and not there. */
  async json<T>(path: string, { optional = false, signal }: { optional?: boolean } & CallOptions = {}): Promise<T | undefined> {
    if (!(await this.has(path))) {
      if (optional && (await this.#absent(path, signal))) return undefined;
      try {
        await this.download(await this.describe(path, signal), { signal });
      } catch (error) {
        if (!optional || !InpageError.is(error, 'model-not-found')) throw error;
        await (await this.#store).setAbsent(this.#url(path)).catch(() => {});
        return undefined;
      }
    }
    const response = await this.cached(path);
    try {
      return (await response?.json()) as T;
    } catch (cause) {
      // Without a digest nothing else told that it is broken.
      await (await this.#store).drop(this.#url(path));
      throw corrupt(this.model, path, 'it is not JSON', cause);
    }
  }

  /**
   * Downloads a file, or what is missing of it, unless another tab is at it: then waits for that.
   * @throws InpageError `model-not-found`, `model-download-failed`, `model-corrupt`, `quota-exceeded`, `storage-failed`
   */
  async download(file: ModelFile, { signal, onProgress }: FileDownloadOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const store = await this.#store;
    try {
      await oneTabAtATime(file.url, { shared: store.shared, signal, onProgress }, async (report) => {
        if (await store.has(file.url, versionOf(file))) return;
        const options = { store, model: this.model, source: this.#source, signal, onProgress: report };
        try {
          await this.#fetch({ ...options, file });
        } catch (error) {
          if (!(error instanceof Unfit)) throw error;
          // Perhaps the file has changed, and its digest with it. Once more, from the beginning.
          this.#manifest.forget();
          await this.#fetch({ ...options, file: { ...file, ...(await this.describe(file.path, signal)) } });
        }
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw await explainFailure(this.model, file, error, () => this.stored(file));
    }
  }

  /** Fetches a file; of what is not the file's, nothing is kept. */
  async #fetch(options: FetchFileOptions): Promise<void> {
    const { store, file } = options;
    try {
      await fetchFile(options);
    } catch (error) {
      if (error instanceof Unfit) {
        await store.drop(file.url);
        await this.announce([file]);
      }
      throw error;
    }
  }

  /** Whether a file is known not to exist, so that it need not be asked for at every start. */
  async #absent(path: string, signal: AbortSignal | undefined): Promise<boolean> {
    if (await (await this.#store).isAbsent(this.#url(path))) return true;
    const listing = await this.#manifest.stored(signal);
    return listing.size > 0 && !listing.has(path);
  }

  /** A file of the model, or one that lies elsewhere and is named by its whole address. */
  #url(path: string): string {
    return URL.canParse(path) ? path : modelPrefix(this.model, this.#source) + path;
  }
}
