// What the worker of the chat model offers. Which library runs the model says the configuration; only that one is loaded.
import { holdForeground } from '../runtime/foreground.ts';
import type { LlmConfiguration, ModelRequest, WorkerBackend } from '../runtime/model-request.ts';
import type { Service } from '../runtime/rpc.ts';
import type { CallOptions } from '../spec/call.ts';
import type { Llm } from '../spec/llm.ts';
import type { DownloadPlan } from '../spec/model.ts';
import type { LlmApi } from '../spec/worker-api.ts';

/** An `Llm` that can say beforehand what it will download. */
interface WorkerLlm extends Llm {
  plan(options?: CallOptions): Promise<DownloadPlan>;
}

/** One entry a library. */
const backends: Record<WorkerBackend, (request: ModelRequest) => Promise<WorkerLlm>> = {
  transformers: async (request) => (await import('../llm/transformers-llm.ts')).createTransformersLlm(request),
  'web-llm': async (request) => (await import('../llm/web-llm.ts')).createWebLlm(request),
};

/** Makes the service; the model follows with `configure`. */
export function llmService(): Service {
  let llm: WorkerLlm;
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
