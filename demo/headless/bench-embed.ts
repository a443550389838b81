// Sentences per second of the SDK beside plain `pipeline()` loops over the same passages.
import { transformersEmbedder } from '../../src/index.ts';
import { modelBase } from './ask.ts';
import { handbookPassages } from './passages.ts';
import { startPlain } from './plain.ts';
import { type BenchResult, summarize } from './statistics.ts';

export interface BenchSettings {
  device: 'wasm' | 'webgpu';
  n?: number;
  rounds?: number;
}

/** Plain loops: one text at a time, and in batches of eight in the given order. */
const loops = { oneByOne: 1, batchesOf8: 8 };

/**
 * `plain` is the faster loop of a call that sets nothing, so that the library chooses its threads; `sameThreads` has the faster
 * loop with as many threads as the SDK takes, which shows what the batches alone are worth.
 */
export async function benchEmbed({ device, n = 96, rounds = 5 }: BenchSettings): Promise<BenchResult> {
  const texts = await handbookPassages(n);
  const embedder = transformersEmbedder({ device, source: { base: modelBase } });
  const { space, threads } = await embedder.load();
  const common = { device, model: space.model, dtype: device === 'wasm' ? 'q8' : 'q4' } as const;
  const workers = { plain: startPlain(common), sameThreads: startPlain({ ...common, threads }) };
  const perSecond = (ms: number) => (n / ms) * 1000;
  /** The faster of the loops. */
  const fastest = async ({ run }: ReturnType<typeof startPlain>) => {
    const rates: number[] = [];
    for (const batch of Object.values(loops)) rates.push(perSecond((await run({ kind: 'embed', texts, batch })).ms));
    return Math.max(...rates);
  };
  try {
    const measured: { sdk: number; plain: number; sameThreads: number }[] = [];
    for (let round = 0; round <= rounds; round++) {
      const started = performance.now();
      await embedder.embed(texts);
      const sdk = perSecond(performance.now() - started);
      const figures = { sdk, plain: await fastest(workers.plain), sameThreads: await fastest(workers.sameThreads) };
      // The first round warms up.
      if (round > 0) measured.push(figures);
    }
    const { ratio, ratioRange, plain } = summarize(measured.map(({ sdk, sameThreads }) => ({ sdk, plain: sameThreads })));
    const sameThreads = { ratio, ratioRange, plain };
    return { suite: 'embed', ...summarize(measured), unit: 'texts/s', n, device, threads, sameThreads };
  } finally {
    workers.plain.close();
    workers.sameThreads.close();
    await embedder.close();
  }
}
