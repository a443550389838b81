// Tokens per second of the SDK beside plain `generate()`, for the same prompts, greedy, token streaming on both sides; then what
// the reuse of keys and values and what drafts are worth.
import { transformersLlm } from '../../src/index.ts';
import { modelBase } from './ask.ts';
import { benchDrafted } from './bench-drafted.ts';
import type { BenchSettings } from './bench-embed.ts';
import { benchKvReuse } from './bench-kv-reuse.ts';
import { generation } from './generation.ts';
import { startPlain } from './plain.ts';
import { type BenchResult, summarize } from './statistics.ts';

// Every round asks something else, so that nothing can be remembered.
const subjects = ['remember its settings', 'work without a network', 'show a long list', 'draw a chart', 'play a sound'];

const question = (round: number) => [
  { role: 'user' as const, content: `Question ${round}: explain in a few sentences how a web page can ${subjects[round % 5]}.` },
];

export async function benchLlm({ device, n = device === 'wasm' ? 64 : 8, rounds = 5 }: BenchSettings): Promise<BenchResult> {
  const llm = transformersLlm({ device, source: { base: modelBase } });
  const { model, threads, capabilities } = await llm.load();
  const plain = startPlain({ device, model, threads, dtype: 'q8' });
  try {
    const measured: { sdk: number; plain: number }[] = [];
    let same = true;
    for (let round = 0; round <= rounds; round++) {
      const ours = await generation(llm, question(round), { maxTokens: n });
      const theirs = await plain.run({ kind: 'generate', messages: question(round), maxTokens: n });
      same &&= ours.text.trim() === theirs.text.trim();
      // The first round warms up.
      if (round > 0)
        measured.push({ sdk: (ours.usage.completionTokens / ours.ms) * 1000, plain: (theirs.tokens / theirs.ms) * 1000 });
    }
    return {
      suite: 'llm',
      ...summarize(measured),
      unit: 'tokens/s',
      n,
      device,
      threads,
      sameText: same,
      kvReuse: await benchKvReuse(llm, rounds),
      // Left out where the device cannot do it.
      ...(capabilities.promptLookup && { drafted: await benchDrafted(llm, n, rounds) }),
    };
  } finally {
    plain.close();
    await llm.close();
  }
}
