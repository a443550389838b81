// A chat model whose tokens are counted.
import type { Llm } from '../../src/index.ts';

/** Counts the tokens of all that a model is asked. */
export function metered(llm: Llm): Llm & { tokens: number } {
  const counting: Llm & { tokens: number } = {
    ...llm,
    tokens: 0,
    async *generate(messages, options) {
      for await (const event of llm.generate(messages, options)) {
        if (event.type === 'done') counting.tokens += event.usage.promptTokens + event.usage.completionTokens;
        yield event;
      }
    },
  };
  return counting;
}
