// A chat model that wllama runs, in a worker.
import type { Llm } from '../spec/llm.ts';
import { deviceLlm } from './device-llm.ts';
import { type ModelOptions, modelRequest } from './models.ts';

/** Options of {@link wllama}. */
export interface WllamaOptions extends Omit<ModelOptions, 'dtype' | 'device'> {
  /** Name of a folder under `source.base`, or id on `source.host`, with a chat model in GGUF. */
  model: string;
  /**
   * The model file in it; of a model in several parts (`…-00001-of-00003.gguf`) the first.
   * @default the only one that the folder's manifest or the hub lists, else `<model>.gguf`
   */
  file?: string;
  /** Context window in tokens, at most; its memory is taken when the model loads. @default 4096, or less where there is little memory */
  contextTokens?: number;
}

/** Many models could have more, and would take gigabytes for it. */
const usualContext = 4096;

/**
 * Runs a chat model in GGUF with wllama, which is llama.cpp in WebAssembly and needs the package `@wllama/wllama`, in a worker of its
 * own: on the CPU, with threads where the page is cross-origin isolated. Nothing is loaded before the first call.
 */
export function wllama({ model, file, contextTokens = usualContext, ...options }: WllamaOptions): Llm {
  const request = { ...modelRequest(model, { ...options, contextTokens }), ...(file && { file }) };
  return deviceLlm('wllama', request, { devices: ['wasm'], contextTokens, allocatesContext: true }, options);
}
