// transformers.js: the layout of its model folders, and the library tied to files that are already here.
import type { Dtype } from '../spec/model.ts';
import { importPackage } from '../util/import-package.ts';
import { type DevicePlan, planDevice, probeDevice } from './device.ts';
import { ModelFiles } from './download.ts';
import { createModelLoader, type ModelLoader, type Prepared, planDownload } from './model-loader.ts';
import type { ModelRequest } from './model-request.ts';
import { wasmFiles } from './wasm-files.ts';

/** The parts of `config.json` that are read here. */
export interface ModelConfig {
  max_position_embeddings?: number;
  hidden_size?: number;
  'transformers.js_config'?: { use_external_data_format?: boolean | number | Record<string, boolean | number> };
}

/** A model whose files are known. */
export interface TransformersModel extends Prepared {
  device: DevicePlan;
  request: ModelRequest;
  config: ModelConfig;
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
async function prepareModel(request: ModelRequest, signal?: AbortSignal): Promise<TransformersModel> {
  const device = planDevice(await probeDevice(), request);
  const files = new ModelFiles(request.model, request.source);
  const config = await files.json<ModelConfig>('config.json', { signal });
  await files.json('generation_config.json', { optional: true, signal });
  const paths = [...tokenizerFiles, ...weightFiles(config!, device.dtype)];
  return { request, device, config: config!, files, plan: await planDownload(files, paths, signal) };
}

/**
 * Loads transformers.js and ties it to the prepared files: it never reaches the network for a model itself.
 * The library has one state a realm, so one model a worker.
 * @throws InpageError `missing-dependency`
 */
async function modelLibrary({ files, device, request }: TransformersModel): Promise<ModelLibrary> {
  const name = '@huggingface/transformers';
  const library = await importPackage(name, 'This model', () => import('@huggingface/transformers'));
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
export type BuildModel<T> = (library: ModelLibrary, prepared: TransformersModel) => Promise<T>;

/** Makes the loader of a model that transformers.js runs; nothing happens before its first call. */
export function createTransformersLoader<T>(request: ModelRequest, build: BuildModel<T>): ModelLoader<T> {
  return createModelLoader({
    prepare: (signal) => prepareModel(request, signal),
    build: async (prepared) => build(await modelLibrary(prepared), prepared),
  });
}
