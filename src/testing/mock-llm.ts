// An Llm without a model: says what it is told to, one word a token. What is not valid by `output` is refused as every backend does.
import { structured } from '../prompt/structured-output.ts';
import type { ChatMessage, GenerateEvent, GenerateOptions, Llm } from '../spec/llm.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';

/** Options of {@link mockLlm}. */
export interface MockLlmOptions {
  /** The answer, or what makes it from the prompt. @default the last message */
  reply?: string | ((messages: readonly ChatMessage[]) => string);
  /** Context window in words. @default 8192 */
  contextTokens?: number;
}

/** Makes the stand-in. A token is a word with the white space after it. */
export function mockLlm(options: MockLlmOptions = {}): Llm {
  const { reply, contextTokens } = withDefaults(
    { reply: (messages: readonly ChatMessage[]) => messages.at(-1)?.content ?? '', contextTokens: 8192 },
    options,
  );
  const tokens = (text: string) => text.match(/\S+\s*/g) ?? [];
  const count = (input: string | readonly ChatMessage[]) =>
    typeof input === 'string' ? tokens(input).length : input.reduce((sum, { content }) => sum + tokens(content).length, 0);
  async function* generate(
    messages: readonly ChatMessage[],
    { maxTokens = 256, signal }: GenerateOptions,
  ): AsyncGenerator<GenerateEvent> {
    const promptTokens = count(messages);
    if (promptTokens >= contextTokens) {
      throw new InpageError('context-overflow', `The prompt has ${promptTokens} tokens, the model takes ${contextTokens}.`);
    }
    const all = tokens(typeof reply === 'string' ? reply : reply(messages));
    const said = all.slice(0, maxTokens);
    for (const text of said) {
      // Each token comes in a task of its own, as from a worker.
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
      yield { type: 'token', text };
    }
    yield {
      type: 'done',
      text: said.join(''),
      reason: said.length < all.length ? 'length' : 'stop',
      usage: { promptTokens, completionTokens: said.length },
      timings: { prefillMs: 0, decodeMs: 0 },
    };
  }
  return {
    load: async () => ({
      backend: 'mock',
      model: 'mock',
      revision: 'main',
      device: 'wasm',
      dtype: 'fp32',
      threads: 1,
      software: false,
      contextTokens,
      capabilities: { output: [], sampling: [], prefixCache: false, promptLookup: false, logits: [], countTokens: true },
    }),
    generate(messages, options = {}) {
      const events = generate(messages, options);
      return options.output ? structured(events, options.output) : events;
    },
    countTokens: async (input) => count(input),
    close: async () => {},
  };
}
