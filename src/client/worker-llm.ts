// A chat model as a page sees it: an Llm whose work is done in a worker, whatever library runs it there.
import { plainOutput } from '../prompt/plain-output.ts';
import { structured } from '../prompt/structured-output.ts';
import type { LlmConfiguration } from '../runtime/model-request.ts';
import type { GenerateEvent, Llm, LlmInfo } from '../spec/llm.ts';
import { ModelHost } from './model-host.ts';
import type { ModelOptions } from './models.ts';

/** Makes the `Llm`; the worker starts with the first call. */
export function workerLlm(
  configuration: () => LlmConfiguration,
  { confirmDownload, onWorkerDeath, createWorker }: ModelOptions,
): Llm {
  const host = new ModelHost<LlmInfo>('llm', { configuration, confirmDownload, onDeath: onWorkerDeath, create: createWorker });
  return {
    load: (call) => host.load(call),
    generate(messages, { signal, output, ...settings } = {}) {
      const events = async function* () {
        const plain = output && { output: plainOutput(output) };
        const connection = await host.connection(signal);
        yield* connection.stream<GenerateEvent>('generate', [messages, { ...settings, ...plain }], { signal });
      };
      return output ? structured(events(), output) : events();
    },
    async countTokens(input, { signal } = {}) {
      return (await host.connection(signal)).call('countTokens', [input, {}], { signal });
    },
    close: async () => host.close(),
  };
}
