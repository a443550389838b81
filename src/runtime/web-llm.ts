// web-llm (https://github.com/mlc-ai/web-llm): the library, its engine fed from files that are already here, and its failures by name.
import type { MLCEngine } from '@mlc-ai/web-llm';
import { abortable } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';
import { importPackage } from '../util/import-package.ts';
import { type DevicePlan, probeDevice } from './device.ts';
import { createModelLoader, type ModelLoader, type Prepared, planDownload } from './model-loader.ts';
import type { ModelRequest } from './model-request.ts';
import { cachedUrl, showAsCached } from './web-llm-cache.ts';
import { deviceLost, webLlmError } from './web-llm-errors.ts';
import {
  findModel,
  fullPrecisionTwin,
  libraryName,
  type MlcModel,
  needsHalfPrecision,
  noHalfPrecision,
  type WebLlmLibrary,
} from './web-llm-model.ts';

/** Text to tokens; the engine has it and does not offer it. */
export interface WebLlmTokenizer {
  encode(text: string): Int32Array;
}

/** A model that runs. */
export interface StartedWebLlm {
  model: MlcModel;
  engine: MLCEngine;
  tokenizer: WebLlmTokenizer;
  /** The adapter is an emulation on the CPU. */
  software: boolean;
  /** Aborted when the browser takes the GPU away, with the typed error as its reason. */
  lost: AbortSignal;
  /** Frees the GPU. */
  dispose(): Promise<void>;
}

interface PreparedWebLlm extends Prepared {
  device: Pick<DevicePlan, 'device' | 'software'>;
  library: WebLlmLibrary;
  model: MlcModel;
}

/** Makes the loader of a model that web-llm runs; nothing happens before its first call. One a worker. */
export function createWebLlmLoader(request: ModelRequest, kind: 'LLM' | 'embedding'): ModelLoader<StartedWebLlm> {
  const loader = createModelLoader({
    prepare: (signal) => prepare(request, signal),
    build: (prepared: PreparedWebLlm, signal, report) => start(prepared, kind, signal, report),
  });
  return {
    ...loader,
    async load(options) {
      const started = await loader.load(options);
      started.lost.throwIfAborted();
      return started;
    },
  };
}

/** @throws InpageError `missing-dependency`, `device-unavailable`, `model-not-found`, `model-download-failed` */
async function prepare(request: ModelRequest, signal: AbortSignal | undefined): Promise<PreparedWebLlm> {
  const [library, { webgpu }] = await Promise.all([
    importPackage('@mlc-ai/web-llm', 'This model', () => import('@mlc-ai/web-llm')),
    probeDevice(),
  ]);
  if (!webgpu.available || request.device === 'wasm') {
    const reason = webgpu.available ? 'was excluded by `device`' : 'is not available in this browser (no adapter)';
    throw new InpageError('device-unavailable', `web-llm runs on WebGPU only, which ${reason}. Use \`transformersLlm()\` there.`);
  }
  const model = await findModel(library, request, signal);
  const half = webgpu.features.includes('shader-f16');
  const full = request.dtypes?.webgpu !== undefined && !request.dtypes.webgpu.endsWith('16');
  if (needsHalfPrecision(model.config) && (full || !half)) {
    const twin = await fullPrecisionTwin(library, request, signal);
    if (twin && (full || request.device === 'auto')) return prepare({ ...request, model: twin }, signal);
    if (!half) throw noHalfPrecision(request.model, twin);
  }
  const device = { device: 'webgpu', software: webgpu.software } as const;
  return { library, model, device, files: model.files, plan: await planDownload(model.files, model.needed, signal) };
}

/** @throws InpageError by `webLlmError` */
async function start(
  { library, model, device }: PreparedWebLlm,
  kind: 'LLM' | 'embedding',
  signal: AbortSignal | undefined,
  report: (done: number) => void,
): Promise<StartedWebLlm> {
  const { id, files, names, overrides } = model;
  showAsCached(files, names);
  const lost = new AbortController();
  let expected = true;
  // The engine hears alone of a lost device, and all it does is unload itself: loading then ends as if it had worked, and a
  // generation never ends. So every `unload` that nobody here asked for means that the device is lost; `reload` begins with one.
  class Engine extends library.MLCEngine {
    override unload(): Promise<void> {
      if (!expected) lost.abort(deviceLost(id, ready));
      expected = false;
      return super.unload();
    }
  }
  let ready = false;
  const engine = new Engine({
    appConfig: {
      cacheBackend: 'cache',
      model_list: [
        {
          model_id: id,
          model: cachedUrl(''),
          model_lib: cachedUrl(libraryName),
          model_type: library.ModelType[kind],
          overrides: overrides as object,
        },
      ],
    },
    logLevel: 'SILENT',
    // It counts from 0 to 1 twice: for the weights that go to the GPU, and for the shaders.
    initProgressCallback: ({ progress, text }) => report(/shader|finish/i.test(text) ? (1 + progress) / 2 : progress / 2),
  });
  const dispose = () => {
    expected = true;
    return engine.unload();
  };
  try {
    await abortable(engine.reload(id), signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
  } catch (cause) {
    // Ends what is still loading; where the device is lost there is nothing left to free.
    if (!lost.signal.aborted) await dispose();
    signal?.throwIfAborted();
    throw webLlmError(cause, library.modelVersion, files.model);
  }
  ready = true;
  return { model, engine, tokenizer: tokenizerOf(engine, id), software: device.software, lost: lost.signal, dispose };
}

function tokenizerOf(engine: MLCEngine, id: string): WebLlmTokenizer {
  const { loadedModelIdToPipeline } = engine as unknown as {
    loadedModelIdToPipeline: ReadonlyMap<string, { tokenizer: WebLlmTokenizer }>;
  };
  return loadedModelIdToPipeline.get(id)!.tokenizer;
}
