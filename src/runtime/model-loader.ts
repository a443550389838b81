// Probe, plan, download, start: what loading has in common, whatever library runs the model.
import type { CallOptions, ProgressOptions } from '../spec/call.ts';
import type { DownloadPlan, LoadProgress, ModelFile } from '../spec/model.ts';
import { InpageError, isAbort } from '../util/errors.ts';
import type { DevicePlan } from './device.ts';
import type { ModelFiles } from './download.ts';

/** A model whose files are known. */
export interface Prepared {
  device: DevicePlan;
  files: ModelFiles;
  plan: DownloadPlan;
}

/** What a library does with a model; `P` is what it finds out before the download, `T` what it makes. */
export interface ModelKind<P extends Prepared, T> {
  model: string;
  /**
   * Chooses the device and lists the files.
   * @throws InpageError `model-not-found`, `model-download-failed`, `device-unavailable`
   */
  prepare(signal: AbortSignal | undefined): Promise<P>;
  /** Starts the model from its files, which are all in the cache. */
  build(prepared: P, signal: AbortSignal | undefined): Promise<T>;
}

/** A model that is prepared and loaded at most once; a failure is forgotten, so that the next call tries again. */
export interface ModelLoader<T> {
  plan(options?: CallOptions): Promise<DownloadPlan>;
  load(options?: ProgressOptions<LoadProgress>): Promise<T>;
  /** What was loaded, if anything, for disposal; afterwards the next `load` starts anew. */
  unload(): Promise<T | undefined>;
}

/** The plan of what is not in the cache yet. */
export async function planDownload(files: ModelFiles, paths: readonly string[], signal?: AbortSignal): Promise<DownloadPlan> {
  const missing: ModelFile[] = [];
  for (const path of paths) {
    if (await files.cached(path)) continue;
    const file = await files.describe(path, signal);
    missing.push({ ...file, bytes: await files.size(file, signal) });
  }
  return { model: files.model, files: missing, bytes: missing.reduce((sum, file) => sum + (file.bytes ?? 0), 0) };
}

/** Downloads what is missing. Files that are complete stay, whatever happens to the others. */
async function downloadModel({ plan, files }: Prepared, { signal, onProgress }: ProgressOptions<LoadProgress>): Promise<void> {
  let before = 0;
  for (const file of plan.files) {
    let last = 0;
    // A load that failed half-way leaves its complete files.
    if (!(await files.cached(file.path)))
      await files.download(file, {
        signal,
        onProgress: (loaded) => {
          const now = performance.now();
          // Ten reports a second are enough for a progress bar, and the last one must not be missing.
          if (now - last < 100 && loaded !== file.bytes) return;
          last = now;
          onProgress?.({
            phase: 'download',
            model: plan.model,
            file: file.path,
            loaded,
            total: file.bytes,
            planLoaded: before + loaded,
            planTotal: plan.bytes,
          });
        },
      });
    before += file.bytes ?? 0;
  }
}

/** Makes the loader of a model; nothing happens before its first call. */
export function createModelLoader<P extends Prepared, T>(kind: ModelKind<P, T>): ModelLoader<T> {
  const { model } = kind;
  const prepare = memoize((signal?: AbortSignal) => kind.prepare(signal));
  const load = memoize(async (options: ProgressOptions<LoadProgress> = {}) => {
    const { signal, onProgress } = options;
    onProgress?.({ phase: 'probe' });
    const prepared = await prepare.run(signal);
    await downloadModel(prepared, options);
    const { device } = prepared.device;
    onProgress?.({ phase: 'compile', model, device });
    try {
      const built = await kind.build(prepared, signal);
      onProgress?.({ phase: 'ready', model, device });
      return built;
    } catch (cause) {
      throw InpageError.is(cause) || isAbort(cause) ? cause : loadFailure(model, cause);
    }
  });
  return {
    plan: async ({ signal } = {}) => (await prepare.run(signal)).plan,
    load: load.run,
    async unload() {
      const built = await load.current()?.catch(() => undefined);
      load.forget();
      return built;
    },
  };
}

function memoize<A extends unknown[], T>(make: (...args: A) => Promise<T>) {
  let memo: Promise<T> | undefined;
  const forget = () => {
    memo = undefined;
  };
  return {
    run(...args: A): Promise<T> {
      memo ??= make(...args).catch((error) => {
        forget();
        throw error;
      });
      return memo;
    },
    current: () => memo,
    forget,
  };
}

function loadFailure(model: string, cause: unknown): InpageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InpageError(
    'model-load-failed',
    `The model "${model}" could not be started: ${reason}. Try another device or a smaller model.`,
    {
      cause,
      detail: { model },
    },
  );
}
