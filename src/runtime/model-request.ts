// What names a model to a worker. Apart from the loader, so that the public types do not need transformers.js.
import type { Device, Dtype, ModelSource } from '../spec/model.ts';

/** Everything that is needed to find and start a model; plain data. */
export interface ModelRequest {
  /** Hub id or folder name. */
  model: string;
  /** Absolute places. */
  source: ModelSource;
  device: 'auto' | Device;
  dtypes?: Partial<Record<Device, Dtype>>;
  /** The device that `auto` takes for this model. */
  prefer?: Device;
  /** Threads of the WASM runtime, at most. */
  threads?: number;
  /** Context window in tokens, at most. */
  contextTokens?: number;
  /** Compiled code of the model, where it does not lie beside the weights: a path in the model's folder, or an address. */
  library?: string;
  /** The one file of the model's folder that is to be used, where it has several. */
  file?: string;
  /** Given to the library as they are; plain data. */
  backendOptions?: Readonly<Record<string, unknown>>;
}

/** Libraries that run chat models in the worker. */
export type WorkerBackend = 'transformers' | 'web-llm' | 'wllama';

/** Those of them that run embedding models. */
export type EmbedBackend = Exclude<WorkerBackend, 'wllama'>;

/** First argument of `configure` of the chat model's worker. */
export interface LlmConfiguration {
  backend: WorkerBackend;
  request: ModelRequest;
}
