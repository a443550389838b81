// Probe, plan, download, start: what loading has in common, whatever library runs the model.
import type { CallOptions, ProgressOptions } from '../spec/call.ts';
import type { DownloadPlan, LoadProgress, ModelFile } from '../spec/model.ts';
import { InpageError } from '../util/errors.ts';
import type { DevicePlan } from './device.ts';
import { ensureRoom } from './download/storage-room.ts';
import type { ModelFiles } from './download.ts';

/** A model whose files are known. */
export interface Prepared {
  device: Pick<DevicePlan, 'device'>;
  files: ModelFiles;
  plan: DownloadPlan;
}

/** What a library does with a model; `P` is what it finds out before the download, `T` what it makes. */
export interface ModelKind<P extends Prepared, T> {
  /**
   * Chooses the device and lists the files.
   * @throws InpageError `model-not-found`, `model-download-failed`, `device-unavailable`
   */
  prepare(signal: AbortSignal | undefined): Promise<P>;
  /**
   * Starts the model from its files, which are all in the cache.
   * @param report told the share of the work that is done, 0–1, where the library knows
   */
  build(prepared: P, signal: AbortSignal | undefined, report: (done: number) => void): Promise<T>;
}

/** A model that is prepared and loaded at most once; a failure is forgotten, so that the next call tries again. */
export interface ModelLoader<T> {
  /** @throws InpageError `quota-exceeded` if there is no room for it, and those of `prepare` */
  plan(options?: CallOptions): Promise<DownloadPlan>;
  load(options?: ProgressOptions<LoadProgress>): Promise<T>;
  /** What was loaded, if anything, for disposal; afterwards the next `load` starts anew. */
  unload(): Promise<T | undefined>;
}

/**
 * The plan of what is not in the cache yet.
 * @param needed paths, with sizes where they are known
 */
export async function planDownload(
  files: ModelFiles,
  needed: readonly (string | Pick<ModelFile, 'path' | 'bytes'>)[],
  signal?: AbortSignal,
): Promise<DownloadPlan> {
  const missing: ModelFile[] = [];
  const items: Pick<ModelFile, 'path' | 'bytes'>[] = needed.map((item) => (typeof item === 'string' ? { path: item } : item));
  const here = await Promise.all(items.map(({ path }) => files.has(path)));
  // Where all is here nothing is asked for. Else also whether what is here is of the same version as what will come.
  for (const { path, bytes } of here.every(Boolean) ? [] : items) {
    const file = { bytes, ...(await files.describe(path, signal)) };
    if (await files.hasCurrent(file)) continue;
    const measured = await files.measure(file, signal);
    const stored = await files.stored(measured);
    missing.push(stored > 0 ? { ...measured, stored } : measured);
  }
  return { model: files.model, files: missing, bytes: missing.reduce((sum, file) => sum + remaining(file), 0) };
}

function remaining({ bytes = 0, stored = 0 }: ModelFile): number {
  return Math.max(0, bytes - stored);
}

/**
 * Downloads what is missing. Files that are complete stay, whatever happens to the others.
 * @throws InpageError `quota-exceeded` before the first byte if there is no room for all
 */
async function downloadModel({ plan, files }: Prepared, { signal, onProgress }: ProgressOptions<LoadProgress>): Promise<void> {
  await ensureRoom(`the model "${plan.model}"`, plan.bytes);
  await files.announce(plan.files);
  let before = 0;
  for (const file of plan.files) {
    let last = 0;
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
          planLoaded: before + Math.max(0, loaded - (file.stored ?? 0)),
          planTotal: plan.bytes,
        });
      },
    });
    before += remaining(file);
  }
}

/** Makes the loader of a model; nothing happens before its first call. */
export function createModelLoader<P extends Prepared, T>(kind: ModelKind<P, T>): ModelLoader<T> {
  const prepare = memoize((signal?: AbortSignal) => kind.prepare(signal));
  const load = memoize(async (options: ProgressOptions<LoadProgress> = {}) => {
    const { signal, onProgress } = options;
    onProgress?.({ phase: 'probe' });
    const prepared = await prepare.run(signal);
    try {
      await downloadModel(prepared, options);
    } catch (error) {
      // What is left to do has changed.
      prepare.forget();
      throw error;
    }
    const { device } = prepared.device;
    // What was planned may be another than was asked for, like its twin for other hardware.
    const { model } = prepared.plan;
    onProgress?.({ phase: 'compile', model, device });
    try {
      const report = (done: number) => onProgress?.({ phase: 'compile', model, device, done });
      const built = await kind.build(prepared, signal, report);
      onProgress?.({ phase: 'ready', model, device });
      return built;
    } catch (cause) {
      throw InpageError.is(cause) || signal?.aborted ? cause : loadFailure(model, cause);
    }
  });
  return {
    async plan({ signal } = {}) {
      const { plan } = await prepare.run(signal);
      // Nobody should be asked for what cannot be.
      await ensureRoom(`the model "${plan.model}"`, plan.bytes);
      return plan;
    },
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
