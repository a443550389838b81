// Time from `ask()` to the first token, beside the bare prefill of the same prompt by plain `generate()`.
import { type ChatMessage, createAssistant, type Llm, transformersLlm } from '../../src/index.ts';
import { modelBase } from './ask.ts';
import type { BenchSettings } from './bench-embed.ts';
import { handbookPassages } from './passages.ts';
import { startPlain } from './plain.ts';
import { type BenchResult, median, summarize } from './statistics.ts';

/** `ratio` is 1 where retrieval, prompt building and the way through the workers cost nothing. */
export async function benchAsk({ device, n = 24, rounds = 5 }: BenchSettings): Promise<BenchResult> {
  const inner = transformersLlm({ device, source: { base: modelBase } });
  let prompt: readonly ChatMessage[] = [];
  const llm: Llm = {
    ...inner,
    generate(messages, options) {
      prompt = messages;
      return inner.generate(messages, options);
    },
  };
  const assistant = await createAssistant({ name: `bench-${Date.now()}`, llm, device, models: { base: modelBase } });
  const { model, threads } = await llm.load();
  const plain = startPlain({ device, model, threads, dtype: 'q8' });
  try {
    await assistant.add((await handbookPassages(n)).map((text, i) => ({ id: `passage-${i}`, text })));
    const measured: { sdk: number; plain: number; retrievalMs: number; prefillMs: number; promptTokens: number }[] = [];
    for (let round = 0; round <= rounds; round++) {
      // Every round asks something else, so that nothing can be remembered.
      const question = `How does the ${['battery', 'app', 'warranty', 'network', 'panel', 'ring'][round % 6]} work in winter, question ${round}?`;
      for await (const event of assistant.ask(question, { minScore: -1, generation: { maxTokens: 2 } })) {
        if (event.type !== 'done') continue;
        const { firstMs } = await plain.run({ kind: 'generate', messages: prompt, maxTokens: 2 });
        const { firstTokenMs, retrievalMs, prefillMs } = event.timings;
        // The first round warms up.
        if (round > 0)
          measured.push({ sdk: firstTokenMs, plain: firstMs, retrievalMs, prefillMs, promptTokens: event.usage.promptTokens });
      }
    }
    const figures = {
      retrievalMs: median(measured.map(({ retrievalMs }) => retrievalMs)),
      prefillMs: median(measured.map(({ prefillMs }) => prefillMs)),
      overOwnPrefill: median(measured.map(({ sdk, prefillMs }) => sdk / prefillMs)),
      promptTokens: median(measured.map(({ promptTokens }) => promptTokens)),
    };
    return { suite: 'ask', ...summarize(measured), unit: 'ms to first token', n, device, threads, ...figures };
  } finally {
    plain.close();
    await assistant.clear();
    await assistant.close();
  }
}
