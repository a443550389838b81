// A chat model that the tabs of an origin share: the Llm of each.
import { isStandardSchema, plainOutput } from '../prompt/plain-output.ts';
import { structured } from '../prompt/structured-output.ts';
import type { GenerateEvent, Llm } from '../spec/llm.ts';
import type { OutputFormat } from '../spec/output.ts';
import { type Hooks, sharedModel } from './shared-model.ts';

/**
 * @param key all that makes the model differ from others
 * @param make the model for the tab that leads
 */
export function sharedLlm(name: string, key: string, options: Hooks, make: (hooks: Hooks) => Llm): Llm {
  const { engine } = sharedModel(`llm ${key}`, options, make, (llm) => ({
    load: llm.load,
    generate: llm.generate,
    countTokens: llm.countTokens,
  }));
  return {
    name,
    load: ({ signal, onProgress } = {}) => engine.call('load', [{}], { signal, onProgress }),
    generate(messages, { signal, output, priority = 0, ...settings } = {}) {
      const events = async function* () {
        const plain = output && { output: plainOutput(output) };
        const call = { ...settings, ...plain, priority: priority + inBackground() };
        yield* engine.stream<GenerateEvent>('generate', [messages, call], { signal });
      };
      return output && ownValidation(output) ? structured(withoutPartials(events()), output) : events();
    },
    countTokens: (input, { signal } = {}) => engine.call('countTokens', [input, {}], { signal }),
    close: () => engine.close(),
  };
}

/** The tab that is seen goes first. */
function inBackground(): number {
  return globalThis.document?.visibilityState === 'hidden' ? 0.5 : 0;
}

/** A validation library's schema is functions, which stay in this tab; the tab that leads has checked by JSON Schema. */
function ownValidation(output: OutputFormat): boolean {
  return typeof output === 'object' && 'schema' in output && isStandardSchema(output.schema);
}

async function* withoutPartials(events: AsyncIterable<GenerateEvent>): AsyncGenerator<GenerateEvent> {
  for await (const event of events) if (event.type !== 'partial') yield event;
}
