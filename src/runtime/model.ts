// From the name of a model to a model library with everything at hand: device, files, downloads.
import type { CallOptions, ProgressOptions } from '../spec/call.ts';
import type { DownloadPlan, Dtype, LoadProgress, ModelFile } from '../spec/model.ts';
import { InpageError } from '../util/errors.ts';
import { type DevicePlan, planDevice, probeDevice } from './device.ts';
import { ModelFiles } from './download.ts';
import type { ModelRequest } from './model-request.ts';
import { wasmFiles } from './wasm-files.ts';

export type { ModelRequest } from './model-request.ts';

/** The parts of `config.json` that are read here. */
export interface ModelConfig {
  max_position_embeddings?: number;
  hidden_size?: number;
  'transformers.js_config'?: { use_external_data_format?: boolean | number | Record<string, boolean | number> };
}

/** A model whose files are known. */
export interface PreparedModel {
  request: ModelRequest;
  device: DevicePlan;
  config: ModelConfig;
  files: ModelFiles;
  plan: DownloadPlan;
}

/** The module of transformers.js. */
export type ModelLibrary = typeof import('@huggingface/transformers');

/** Suffixes of the files, as transformers.js composes them. */
const suffix: Record<Dtype, string> = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
};

const tokenizerFiles = ['tokenizer.json', 'tokenizer_config.json'];

/** Names of the weight files: one `.onnx` and its external data, if any. */
function weightFiles(config: ModelConfig, dtype: Dtype): string[] {
  const name = `model${suffix[dtype]}.onnx`;
  const format = config['transformers.js_config']?.use_external_data_format ?? 0;
  const chunks = Number(typeof format === 'object' ? (format[name] ?? format.model ?? 0) : format);
  const data = Array.from({ length: chunks }, (_, i) => `onnx/${name}_data${i ? `_${i}` : ''}`);
  return [`onnx/${name}`, ...data];
}

/**
 * Probes the device, reads the model's configuration and lists what must be downloaded.
 * @throws InpageError `model-not-found`, `model-download-failed`, `device-unavailable`
 */
async function prepareModel(request: ModelRequest, signal?: AbortSignal): Promise<PreparedModel> {
  const device = planDevice(await probeDevice(), request);
  const files = new ModelFiles(request.model, request.source);
  const config = await files.json<ModelConfig>('config.json', { signal });
  await files.json('generation_config.json', { optional: true, signal });
  const paths = [...tokenizerFiles, ...weightFiles(config!, device.dtype)];
  const missing: ModelFile[] = [];
  for (const path of paths) {
    if (await files.cached(path)) continue;
    const file = await files.describe(path, signal);
    missing.push({ ...file, bytes: await files.size(file, signal) });
  }
  const bytes = missing.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  return { request, device, config: config!, files, plan: { model: request.model, files: missing, bytes } };
}

/** Downloads what is missing. Files that are complete stay, whatever happens to the others. */
async function downloadModel(
  { plan, files }: PreparedModel,
  { signal, onProgress }: ProgressOptions<LoadProgress>,
): Promise<void> {
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

/**
 * Loads transformers.js and ties it to the prepared files: it never reaches the network for a model itself.
 * The library has one state a realm, so one model a worker.
 * @throws InpageError `missing-dependency`
 */
async function modelLibrary({ files, device, request }: PreparedModel): Promise<ModelLibrary> {
  let library: ModelLibrary;
  try {
    library = await import('@huggingface/transformers');
  } catch (cause) {
    throw new InpageError(
      'missing-dependency',
      'Models need the package "@huggingface/transformers": npm install @huggingface/transformers',
      {
        cause,
      },
    );
  }
  const { env } = library;
  const wasm = env.backends.onnx.wasm!;
  wasm.wasmPaths = wasmFiles(device.device);
  wasm.numThreads = device.threads;
  Object.assign(env, { useWasmCache: false, useBrowserCache: false, allowLocalModels: true, allowRemoteModels: false });
  env.localModelPath = 'inpage:/';
  const prefix = `${request.model}/`;
  env.fetch = async (input: string | URL) => {
    const path = String(input).replace(/^inpage:\/+/, '');
    const file = path.startsWith(prefix) ? await files.cached(path.slice(prefix.length)) : undefined;
    return file ?? new Response(null, { status: 404 });
  };
  return library;
}

/** How a kind of model is made from its library; `T` is what the kind works with. */
export type BuildModel<T> = (library: ModelLibrary, prepared: PreparedModel) => Promise<T>;

/** A model that is prepared and loaded at most once; a failure is forgotten, so that the next call tries again. */
export interface ModelLoader<T> {
  plan(options?: CallOptions): Promise<DownloadPlan>;
  load(options?: ProgressOptions<LoadProgress>): Promise<T>;
  /** What was loaded, if anything, for disposal; afterwards the next `load` starts anew. */
  unload(): Promise<T | undefined>;
}

/** Makes the loader of a model; nothing happens before its first call. */
export function createModelLoader<T>(request: ModelRequest, build: BuildModel<T>): ModelLoader<T> {
  const prepare = memoize((signal?: AbortSignal) => prepareModel(request, signal));
  const load = memoize(async (options: ProgressOptions<LoadProgress> = {}) => {
    const { signal, onProgress } = options;
    const { model } = request;
    onProgress?.({ phase: 'probe' });
    const prepared = await prepare.run(signal);
    await downloadModel(prepared, options);
    const library = await modelLibrary(prepared);
    const { device } = prepared.device;
    onProgress?.({ phase: 'compile', model, device });
    try {
      const built = await build(library, prepared);
      onProgress?.({ phase: 'ready', model, device });
      return built;
    } catch (cause) {
      throw loadFailure(model, cause);
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
