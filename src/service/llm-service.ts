// What the worker of the chat model offers.
import { createTransformersLlm, type TransformersLlm } from '../llm/transformers-llm.ts';
import type { ModelRequest } from '../runtime/model.ts';
import type { Service } from '../runtime/rpc.ts';
import type { LlmApi } from '../spec/worker-api.ts';

/** Makes the service; the model follows with `configure`. */
export function llmService(): Service {
  let llm: TransformersLlm;
  const api: LlmApi<ModelRequest> = {
    configure: (request) => {
      llm = createTransformersLlm(request);
    },
    plan: (options) => llm.plan(options),
    load: (options) => llm.load(options),
    generate: (messages, options) => llm.generate(messages, options),
    countTokens: (input, options) => llm.countTokens(input, options),
  };
  return { ...api };
}
