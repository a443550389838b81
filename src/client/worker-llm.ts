// A chat model as a page sees it: an Llm whose work is done in a worker, whatever library runs it there.
import { plainOutput } from '../prompt/plain-output.ts';
import { structured } from '../prompt/structured-output.ts';
import type { LlmConfiguration } from '../runtime/model-request.ts';
import type { GenerateEvent, Llm, LlmInfo } from '../spec/llm.ts';
import { ModelHost } from './model-host.ts';
import type { ModelOptions } from './models.ts';
import { prefillPerCharacter } from './patience.ts';

/** Makes the `Llm`; the worker starts with the first call. */
export function workerLlm(configuration: () => LlmConfiguration, options: ModelOptions): Llm {
  const host = new ModelHost<LlmInfo>('llm', { ...options, configuration });
  return {
    load: (call) => host.load(call),
    generate(messages, { signal, output, ...settings } = {}) {
      const events = async function* () {
        const plain = output && { output: plainOutput(output) };
        const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
        yield* host.stream<GenerateEvent>('generate', [messages, { ...settings, ...plain }], {
          signal,
          phases: ['prefill', 'decode'],
          more: prefillPerCharacter * characters,
        });
      };
      return output ? structured(events(), output) : events();
    },
    async countTokens(input, { signal } = {}) {
      return host.call('countTokens', [input, {}], { signal, phases: ['prefill', 'prefill'] });
    },
    close: async () => host.close(),
  };
}
