// A chat model that web-llm runs, in a worker.
import type { LadderWish } from '../runtime/ladder.ts';
import type { ModelRequest } from '../runtime/model-request.ts';
import type { Llm } from '../spec/llm.ts';
import { deviceLlm } from './device-llm.ts';
import { type ModelOptions, modelRequest } from './models.ts';

/** Options of {@link webLlm}. */
export interface WebLlmOptions extends Omit<ModelOptions, 'dtype' | 'device'> {
  /**
   * Name of a folder under `source.base` with a model compiled for web-llm: `mlc-chat-config.json`, `tensor-cache.json`, its shards,
   * the tokenizer and the library (`.wasm`). Or an id that web-llm knows (`Llama-3.2-1B-Instruct-q4f16_1-MLC`), which is downloaded
   * from the hub; or an id on `source.host`.
   */
  model: string;
  /** @default { base: '/models/mlc/' } */
  source?: ModelOptions['source'];
  /**
   * `auto` takes the model compiled for float32 (`…q4f32…`) where the GPU has no float16 and there is one.
   * @default 'auto'
   */
  device?: 'auto' | 'webgpu';
  /**
   * The compiled library: a path in the folder, or an address.
   * @default the `.wasm` file that the folder's manifest lists, else `<model>.wasm`
   */
  library?: string;
  /** Changes of `mlc-chat-config.json`, e.g. `{ context_window_size: 2048 }`, which takes less memory. */
  backendOptions?: Readonly<Record<string, unknown>>;
}

/**
 * Runs a chat model with web-llm, which needs WebGPU and the package `@mlc-ai/web-llm`, in a worker of its own. Nothing is loaded
 * before the first call.
 */
export function webLlm(options: WebLlmOptions): Llm {
  return deviceLlm('web-llm', webLlmRequest(options), webLlmWish(options), options);
}

/** What web-llm wants of the device. */
export function webLlmWish({ contextTokens }: WebLlmOptions): LadderWish {
  return { devices: ['webgpu'], contextTokens, allocatesContext: true };
}

/** The worker's request for a model of web-llm. */
export function webLlmRequest({
  model,
  source = { base: '/models/mlc/' },
  library,
  backendOptions,
  ...options
}: WebLlmOptions): ModelRequest {
  const request = modelRequest(model, { ...options, source });
  return { ...request, ...(library && { library }), ...(backendOptions && { backendOptions }) };
}
