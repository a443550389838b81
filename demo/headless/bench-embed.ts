// Sentences per second of the SDK beside plain `pipeline()` loops over the same passages.
import { transformersEmbedder } from '../../src/index.ts';
import { modelBase } from './ask.ts';
import { mixedPassages } from './passages.ts';
import { startPlain } from './plain.ts';
import { type BenchResult, summarize } from './statistics.ts';

export interface BenchSettings {
  device: 'wasm' | 'webgpu';
  n?: number;
  rounds?: number;
}

/** The plain loop is measured one text at a time and in batches of eight in the given order; the faster one counts. */
export async function benchEmbed({ device, n = 96, rounds = 5 }: BenchSettings): Promise<BenchResult> {
  const texts = mixedPassages(n);
  const embedder = transformersEmbedder({ device, source: { base: modelBase } });
  const { space, threads } = await embedder.load();
  const plain = startPlain({ device, model: space.model, threads, dtype: device === 'wasm' ? 'q8' : 'q4' });
  const perSecond = (ms: number) => (n / ms) * 1000;
  try {
    await embedder.embed(texts.slice(0, 8));
    await plain.run({ kind: 'embed', texts: texts.slice(0, 8), batch: 8 });
    const measured: { sdk: number; plain: number; oneByOne: number; batchesOf8: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      await embedder.embed(texts);
      const sdk = perSecond(performance.now() - started);
      const oneByOne = perSecond((await plain.run({ kind: 'embed', texts, batch: 1 })).ms);
      const batchesOf8 = perSecond((await plain.run({ kind: 'embed', texts, batch: 8 })).ms);
      measured.push({ sdk, plain: Math.max(oneByOne, batchesOf8), oneByOne, batchesOf8 });
    }
    const plainLoops = {
      oneByOne: summarize(measured.map((round) => ({ sdk: round.sdk, plain: round.oneByOne }))).plain,
      batchesOf8: summarize(measured.map((round) => ({ sdk: round.sdk, plain: round.batchesOf8 }))).plain,
    };
    return { suite: 'embed', ...summarize(measured), unit: 'texts/s', n, device, threads, plainLoops };
  } finally {
    plain.close();
    await embedder.close();
  }
}
