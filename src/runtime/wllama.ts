// wllama (https://github.com/ngxson/wllama): llama.cpp in WebAssembly, fed from files that are already here.
import type { Wllama } from '@wllama/wllama';
import { abortable } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';
import { importPackage } from '../util/import-package.ts';
import { planDevice, probeDevice } from './device.ts';
import { ModelFiles } from './download.ts';
import { createModelLoader, type ModelLoader, type Prepared, planDownload } from './model-loader.ts';
import type { ModelRequest } from './model-request.ts';
import { wllamaFiles } from './wllama-files.ts';

/** The module of wllama. */
type WllamaLibrary = typeof import('@wllama/wllama');

/** A model that runs. */
export interface StartedWllama {
  /** The name that the user knows. */
  id: string;
  /** Name of the first model file. */
  file: string;
  engine: Wllama;
  threads: number;
  /** Context window in tokens. */
  contextTokens: number;
  /** Ends its workers. */
  dispose(): Promise<void>;
}

interface PreparedWllama extends Prepared {
  library: WllamaLibrary;
  /** Names of the model's files, in order. */
  paths: readonly string[];
  threads: number;
}

/** Of WebAssembly's memory. */
const pageBytes = 65_536;

/** Tokens of a prompt that are read at once: few enough that an abort takes effect soon. */
const pieceTokens = 64;

/** Files that are no model by themselves: later parts of one, and what reads images for it. */
const beside = /-(?!00001)\d{5}-of-\d{5}\.gguf$|(?:^|[/_-])mmproj/i;

/** Makes the loader of a model that wllama runs; nothing happens before its first call. One a worker. */
export function createWllamaLoader(request: ModelRequest): ModelLoader<StartedWllama> {
  return createModelLoader({
    prepare: (signal) => prepare(request, signal),
    build: (prepared: PreparedWllama, signal) => start(prepared, request, signal),
  });
}

/** @throws InpageError `missing-dependency`, `device-unavailable`, `model-not-found`, `model-download-failed` */
async function prepare(request: ModelRequest, signal: AbortSignal | undefined): Promise<PreparedWllama> {
  const [library, report] = await Promise.all([
    importPackage('@wllama/wllama', 'This model', () => import('@wllama/wllama')),
    probeDevice(),
  ]);
  if (!report.wasm.memory64 || !report.wasm.simd) {
    throw new InpageError(
      'device-unavailable',
      'wllama needs WebAssembly with 64-bit memory and SIMD, which this browser does not offer. Use `transformersLlm()` there.',
    );
  }
  const { threads } = planDevice(report, { ...request, device: 'wasm' });
  const files = new ModelFiles(request.model, request.source);
  const paths = await modelPaths(files, request, signal);
  return { library, threads, paths, files, device: { device: 'wasm' }, plan: await planDownload(files, paths, signal) };
}

/** The model's files: the one that was named or the only one there is, with the parts that follow it. */
async function modelPaths(files: ModelFiles, { file }: ModelRequest, signal: AbortSignal | undefined): Promise<string[]> {
  const first = file ?? (await onlyModel(files, signal));
  const parts = /^(.*-)\d{5}(-of-(\d{5})\.gguf)$/.exec(first);
  if (!parts) return [first];
  const [, before, after, count] = parts;
  return Array.from({ length: Number(count) }, (_, i) => before + String(i + 1).padStart(5, '0') + after);
}

async function onlyModel(files: ModelFiles, signal: AbortSignal | undefined): Promise<string> {
  const listed = (await files.list(signal)).filter((path) => /\.gguf$/i.test(path) && !beside.test(path));
  if (listed.length <= 1) return listed[0] ?? `${files.model.split('/').at(-1)}.gguf`;
  const message = `"${files.model}" has several model files (${listed.join(', ')}). Name one of them in \`file\`.`;
  throw new InpageError('model-not-found', message, { detail: { model: files.model, files: listed } });
}

async function start(
  { library, files, paths, threads }: PreparedWllama,
  { model, contextTokens = Number.POSITIVE_INFINITY }: ModelRequest,
  signal: AbortSignal | undefined,
): Promise<StartedWllama> {
  const blobs = await Promise.all(paths.map((path) => readBlob(files, path)));
  // All that it says of a file that it cannot read stands in its log.
  let said = '';
  const error = (line: unknown) => {
    said = String(line).trim() || said;
  };
  const engine = new library.Wllama({ default: wllamaFiles.wasm }, { logger: { debug() {}, log() {}, warn() {}, error } });
  // Otherwise browsers that lack something would be sent to files of another host.
  engine.setCompat(null);
  const failed = new AbortController();
  const memory = memoryLimit(blobs, contextTokens);
  const load = withEngineFile({ threads, memory }, failed, async () => {
    await engine.loadModel(blobs, {
      log_level: library.LogLevel.ERROR,
      // 0 is the model's own.
      n_ctx: Number.isFinite(contextTokens) ? contextTokens : 0,
      n_batch: pieceTokens,
      n_ubatch: pieceTokens,
      n_threads: threads,
      n_gpu_layers: 0,
      n_parallel: 1,
      jinja: true,
      skip_chat_parsing: true,
      reasoning_format: 'none',
      cache_idle_slots: false,
    });
    // A file that llama.cpp could not read is a model without anything to wllama.
    if (engine.getModelMetadata().hparams.nVocab === 0) throw new Error('llama.cpp cannot read it');
  });
  try {
    await abortable(load, signal ? AbortSignal.any([signal, failed.signal]) : failed.signal);
  } catch (cause) {
    await engine.exit();
    if (signal?.aborted || InpageError.is(cause) || !said) throw cause;
    throw new Error(`${(cause as Error).message} (${said})`, { cause });
  }
  const { hparams } = engine.getModelMetadata();
  return {
    id: model,
    file: paths[0]!,
    engine,
    threads: engine.getNumThreads(),
    contextTokens: Math.min(contextTokens, hparams.nCtxTrain),
    dispose: () => engine.exit(),
  };
}

/**
 * Bytes that the engine may take. Weights that are laid out anew take room twice, and so much for a token's keys and values is
 * enough for models of a few billion parameters; what is left over llama.cpp fills with what it has read of earlier conversations.
 */
function memoryLimit(files: readonly Blob[], contextTokens: number): number {
  const weights = files.reduce((sum, { size }) => sum + size, 0);
  return Math.min(4 * 2 ** 30, 2 * weights + contextTokens * 128 * 1024 + 512 * 2 ** 20);
}

async function readBlob(files: ModelFiles, path: string): Promise<Blob> {
  const response = await files.cached(path);
  if (response) return response.blob();
  const reason = `The file ${path} of "${files.model}" is gone from the browser storage. Load it again.`;
  throw new InpageError('model-corrupt', reason, { detail: { model: files.model, path } });
}

/**
 * wllama starts its worker from a `blob:` address that it makes of text, which strict policies forbid. While it does so, a worker
 * in this realm is the same script as a file of this origin.
 * @param failed aborted if that cannot be started, with the typed error as its reason
 */
async function withEngineFile(
  { threads, memory }: { threads: number; memory: number },
  failed: AbortController,
  run: () => Promise<void>,
): Promise<void> {
  const { Worker } = globalThis;
  const wasm = new URL(wllamaFiles.wasm, location.href).href;
  const pages = Math.ceil(memory / pageBytes);
  const options = { pathConfig: { 'wllama.wasm': wasm }, nbThread: threads > 1 ? threads : 0, compat: false, pages };
  globalThis.Worker = class extends Worker {
    constructor() {
      super(wllamaFiles.engine, { name: JSON.stringify(options) });
      this.addEventListener('error', ({ message = 'its script did not load' }) => {
        const reason = `wllama's worker could not be started: ${message}. Serve ${wllamaFiles.engine} from the page's own origin.`;
        failed.abort(new InpageError('worker-failed', reason));
      });
    }
  };
  try {
    await run();
  } finally {
    globalThis.Worker = Worker;
  }
}
