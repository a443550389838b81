// Tokens per second of the SDK beside plain `generate()`, for the same prompt, greedy, token streaming on both sides.
import { transformersLlm } from '../../src/index.ts';
import { modelBase } from './ask.ts';
import type { BenchSettings } from './bench-embed.ts';
import { startPlain } from './plain.ts';
import { type BenchResult, summarize } from './statistics.ts';

const messages = [{ role: 'user' as const, content: 'Explain in a few sentences how a web page can remember its settings.' }];

export async function benchLlm({ device, n = device === 'wasm' ? 64 : 8, rounds = 5 }: BenchSettings): Promise<BenchResult> {
  const llm = transformersLlm({ device, source: { base: modelBase } });
  const { model, threads } = await llm.load();
  const plain = startPlain({ device, model, threads, dtype: 'q8' });
  const generate = async (maxTokens: number) => {
    const started = performance.now();
    for await (const event of llm.generate(messages, { maxTokens })) {
      if (event.type === 'done')
        return { tokens: event.usage.completionTokens, ms: performance.now() - started, text: event.text };
    }
    throw new Error('no end');
  };
  try {
    await generate(4);
    await plain.run({ kind: 'generate', messages, maxTokens: 4 });
    const measured: { sdk: number; plain: number }[] = [];
    let same = true;
    for (let round = 0; round < rounds; round++) {
      const ours = await generate(n);
      const theirs = await plain.run({ kind: 'generate', messages, maxTokens: n });
      same &&= ours.text.trim() === theirs.text.trim();
      measured.push({ sdk: (ours.tokens / ours.ms) * 1000, plain: (theirs.tokens / theirs.ms) * 1000 });
    }
    return { suite: 'llm', ...summarize(measured), unit: 'tokens/s', n, device, threads, sameText: same };
  } finally {
    plain.close();
    await llm.close();
  }
}
