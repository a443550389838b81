// A chat model that transformers.js runs, in a worker.
import type { Llm } from '../spec/llm.ts';
import { deviceLlm } from './device-llm.ts';
import { defaultModels, ladderWish, type ModelOptions, modelRequest } from './models.ts';

/** Options of {@link transformersLlm}. */
export interface TransformersLlmOptions extends ModelOptions {
  /** A text-generation model with a chat template, in ONNX. @default 'SmolLM2-135M-Instruct' */
  model?: string;
}

/** Runs a chat model with transformers.js in a worker of its own. Nothing is loaded before the first call. */
export function transformersLlm(options: TransformersLlmOptions = {}): Llm {
  const { model = defaultModels.llm } = options;
  return deviceLlm('transformers', modelRequest(model, options), ladderWish(model, options), options);
}
