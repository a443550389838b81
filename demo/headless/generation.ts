// One measured generation, for the benches.
import type { ChatMessage, GenerateDone, GenerateOptions, Llm } from '../../src/index.ts';

export interface Generation extends GenerateDone {
  /** From the call to the first token, in ms. */
  firstMs: number;
  /** From the call to the end, in ms. */
  ms: number;
}

/** Generates to the end, greedily. */
export async function generation(llm: Llm, messages: readonly ChatMessage[], options: GenerateOptions): Promise<Generation> {
  const started = performance.now();
  let firstMs = 0;
  for await (const event of llm.generate(messages, options)) {
    firstMs ||= performance.now() - started;
    if (event.type === 'done') return { ...event, firstMs, ms: performance.now() - started };
  }
  throw new Error('The generation has no end.');
}
