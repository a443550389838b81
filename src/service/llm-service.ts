// What the worker of the chat model offers. Which library runs the model says the configuration; only that one is loaded.
import type { PlannedLlm } from '../llm/loaded-llm.ts';
import { holdForeground } from '../runtime/foreground.ts';
import type { LlmConfiguration, ModelRequest, WorkerBackend } from '../runtime/model-request.ts';
import type { Service } from '../runtime/rpc.ts';
import type { LlmApi } from '../spec/worker-api.ts';

/** One entry a library. */
const backends: Record<WorkerBackend, (request: ModelRequest) => Promise<PlannedLlm>> = {
  transformers: async (request) => (await import('../llm/transformers-llm.ts')).createTransformersLlm(request),
  'web-llm': async (request) => (await import('../llm/web-llm.ts')).createWebLlm(request),
  wllama: async (request) => (await import('../llm/wllama.ts')).createWllamaLlm(request),
};

/** Makes the service; the model follows with `configure`. */
export function llmService(): Service {
  let llm: PlannedLlm;
  const api: LlmApi<LlmConfiguration> = {
    configure: async ({ backend, request }) => {
      llm = await backends[backend](request);
    },
    plan: (options) => llm.plan(options),
    load: (options) => llm.load(options),
    async *generate(messages, options) {
      const { priority = 0 } = options;
      const release = priority > 0 ? () => {} : holdForeground();
      try {
        yield* llm.generate(messages, options);
      } finally {
        release();
      }
    },
    countTokens: (input, options) => llm.countTokens(input, options),
  };
  return { ...api };
}
