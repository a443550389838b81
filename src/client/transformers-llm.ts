// The chat model as a page sees it: an Llm whose work is done in a worker.
import type { GenerateEvent, Llm, LlmInfo } from '../spec/llm.ts';
import { ModelHost } from './model-host.ts';
import { defaultModels, type ModelOptions, modelRequest } from './models.ts';

/** Options of {@link transformersLlm}. */
export interface TransformersLlmOptions extends ModelOptions {
  /** A text-generation model with a chat template, in ONNX. @default 'SmolLM2-135M-Instruct' */
  model?: string;
}

/** Runs a chat model with transformers.js in a worker of its own. Nothing is loaded before the first call. */
export function transformersLlm(options: TransformersLlmOptions = {}): Llm {
  const { model = defaultModels.llm, confirmDownload, onWorkerDeath, createWorker } = options;
  const host = new ModelHost<LlmInfo>('llm', {
    configuration: () => ({ backend: 'transformers', request: modelRequest(model, options) }),
    confirmDownload,
    onDeath: onWorkerDeath,
    create: createWorker,
  });
  return {
    load: (call) => host.load(call),
    async *generate(messages, { signal, ...settings } = {}) {
      const connection = await host.connection(signal);
      yield* connection.stream<GenerateEvent>('generate', [messages, settings], { signal });
    },
    async countTokens(input, { signal } = {}) {
      return (await host.connection(signal)).call('countTokens', [input, {}], { signal });
    },
    close: async () => host.close(),
  };
}
