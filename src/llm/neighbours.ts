// Nearest neighbours as a language model (Khandelwal et al., arXiv:1911.00172), with the prompt as the datastore: where the model
// was in a like state before, what followed there may follow here. Models in ONNX do not give their states; the values that the
// last layer keeps of each token are a projection of them, and cost nothing.
import type { LogitsAdjuster } from './decode.ts';
import type { KeyValues } from './key-values.ts';
import { argmax } from './sampling.ts';

/** Squared distances are divided by this times their mean over the neighbours. */
const temperature = 0.25;

/** @param prompt its tokens @param weight λ of (1 − λ) · p + λ · p of the neighbours, 0–1 @param k neighbours */
export function createNeighbours(prompt: readonly number[], weight: number, k: number): LogitsAdjuster {
  return {
    adjust(logits, _generated, known) {
      const distances = distancesToLast(known, prompt.length - 1);
      if (!distances) return;
      const nearest = [...distances.keys()].sort((a, b) => distances[a]! - distances[b]!).slice(0, k);
      const mean = nearest.reduce((sum, place) => sum + distances[place]!, 0) / nearest.length;
      const weights = nearest.map((place) => Math.exp(-distances[place]! / (temperature * mean || 1)));
      const total = weights.reduce((sum, value) => sum + value, 0);
      const followed = new Map<number, number>();
      for (const [i, place] of nearest.entries()) {
        const token = prompt[place + 1]!;
        followed.set(token, (followed.get(token) ?? 0) + weights[i]! / total);
      }
      mix(logits, followed, weight);
    },
  };
}

/** Logits become the logarithms of mixed probabilities. */
function mix(logits: Float32Array, followed: ReadonlyMap<number, number>, weight: number): void {
  const max = logits[argmax(logits)]!;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - max);
  const shift = max + Math.log(sum) - Math.log(1 - weight);
  for (let token = 0; token < logits.length; token++) logits[token]! -= shift;
  for (const [token, probability] of followed) {
    logits[token] = Math.log(Math.exp(logits[token]!) + weight * probability);
  }
}

/** Squared distances of the first `count` states to the last one; undefined where they are out of reach. */
function distancesToLast({ tensors, tokens }: KeyValues, count: number): Float64Array | undefined {
  const values = Object.entries(tensors).filter(([name]) => /^past_key_values\.\d+\.value$/.test(name));
  const layer = (name: string) => Number(name.split('.')[1]);
  const [, tensor] = values.sort(([a], [b]) => layer(b) - layer(a))[0] ?? [];
  if (tensor?.location !== 'cpu' || tensor.type !== 'float32') return undefined;
  const [, heads, rows, width] = tensor.dims as [number, number, number, number];
  const data = tensor.data as Float32Array;
  const distances = new Float64Array(Math.min(count, tokens.length - 1));
  for (let head = 0; head < heads; head++) {
    const start = head * rows * width;
    const last = start + (tokens.length - 1) * width;
    for (let place = 0; place < distances.length; place++) {
      for (let i = 0; i < width; i++) distances[place]! += (data[start + place * width + i]! - data[last + i]!) ** 2;
    }
  }
  return distances;
}
