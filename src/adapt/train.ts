// Trains an adapter by contrast: a question's own passage against hard negatives and the passages of the questions beside it
// (InfoNCE, arXiv:1807.03748), with Adam (arXiv:1412.6980).
import type { ProgressOptions } from '../spec/call.ts';
import { nextTask } from '../util/async.ts';
import { withDefaults } from '../util/options.ts';
import { createRandom } from '../util/random.ts';
import type { Adapter } from './adapter.ts';

/** What is learned from. Vectors have length 1 and are row-major. */
export interface TrainingSet {
  dimension: number;
  queries: Float32Array;
  passages: Float32Array;
  /** For each question the rows of its passages, at least one. */
  positives: readonly (readonly number[])[];
  /** For each question the rows of passages that only look right. */
  negatives: readonly (readonly number[])[];
}

/** Options of {@link trainAdapter}. */
export interface TrainOptions extends ProgressOptions<{ done: number; total: number }> {
  /** @default 8 */
  rank?: number;
  /** @default 120 */
  steps?: number;
  /** Questions of a step. @default 64 */
  batch?: number;
  /** Hard negatives of a question in a step. @default 1 */
  hard?: number;
  /** @default 0.001, falling to 0 */
  rate?: number;
  /** Share that the weights lose in a step, times the rate. @default 0.01 */
  decay?: number;
  /** Cosines are divided by it; less makes the nearest negatives count more. @default 0.05 */
  temperature?: number;
  /** @default 1 */
  seed?: number;
}

/** Defaults of {@link TrainOptions}: of those tried, the ones whose gain held on unseen questions; more of anything learns by heart. */
export const trainDefaults = {
  rank: 8,
  steps: 120,
  batch: 64,
  hard: 1,
  rate: 0.001,
  decay: 0.01,
  temperature: 0.05,
  seed: 1,
};

/** Trains one; others run between two steps. The same set and seed give the same adapter. @throws AbortError */
export async function trainAdapter(set: TrainingSet, options: TrainOptions = {}): Promise<Adapter> {
  const { rank, steps, batch, hard, rate, seed, signal, onProgress, ...settings } = withDefaults(trainDefaults, options);
  const { dimension, positives } = set;
  const random = createRandom(seed);
  const adapter: Adapter = {
    dimension,
    rank,
    up: new Float32Array(dimension * rank),
    down: Float32Array.from({ length: dimension * rank }, () => normal(random) / Math.sqrt(dimension)),
  };
  const gradient = { up: new Float32Array(dimension * rank), down: new Float32Array(dimension * rank) };
  const moments = [new Adam(adapter.up, gradient.up), new Adam(adapter.down, gradient.down)];
  for (let step = 0, order: number[] = []; step < steps; step++) {
    await nextTask();
    signal?.throwIfAborted();
    if (order.length === 0) order = shuffled(positives.length, random);
    const chosen = order.splice(0, batch);
    gradient.up.fill(0);
    gradient.down.fill(0);
    const pick = (rows: readonly number[]) => rows[Math.floor(random() * rows.length)]!;
    const own = chosen.map((query) => pick(positives[query]!));
    const others = chosen.flatMap((query) => {
      const rows = set.negatives[query]!;
      return Array.from({ length: Math.min(hard, rows.length) }, () => pick(rows));
    });
    addGradient(set, adapter, gradient, chosen, own, [...new Set([...own, ...others])], settings.temperature);
    for (const moment of moments) moment.step(rate * (1 - step / steps), settings.decay);
    onProgress?.({ done: step + 1, total: steps });
  }
  return adapter;
}

/** Adds the gradient of the mean loss over the questions of a step. @param candidates rows of all passages in it */
function addGradient(
  { dimension, queries, passages, positives }: TrainingSet,
  { rank, up, down }: Adapter,
  gradient: Pick<Adapter, 'up' | 'down'>,
  chosen: readonly number[],
  own: readonly number[],
  candidates: readonly number[],
  temperature: number,
): void {
  const inner = new Float32Array(rank);
  const innerGradient = new Float32Array(rank);
  const corrected = new Float32Array(dimension);
  const pull = new Float32Array(dimension);
  const weights = new Float64Array(candidates.length);
  for (const [place, query] of chosen.entries()) {
    const row = queries.subarray(query * dimension, (query + 1) * dimension);
    inner.fill(0);
    for (let d = 0; d < dimension; d++) for (let r = 0; r < rank; r++) inner[r]! += row[d]! * down[d * rank + r]!;
    let squares = 0;
    for (let d = 0; d < dimension; d++) {
      let value = row[d]!;
      for (let r = 0; r < rank; r++) value += up[d * rank + r]! * inner[r]!;
      corrected[d] = value;
      squares += value * value;
    }
    const length = Math.sqrt(squares);
    for (let d = 0; d < dimension; d++) corrected[d]! /= length;

    let total = 0;
    for (const [j, candidate] of candidates.entries()) {
      // Another right answer is no mistake.
      const ignored = candidate !== own[place] && positives[query]!.includes(candidate);
      let dot = 0;
      const start = candidate * dimension;
      if (!ignored) for (let d = 0; d < dimension; d++) dot += corrected[d]! * passages[start + d]!;
      weights[j] = ignored ? 0 : Math.exp((dot - 1) / temperature);
      total += weights[j]!;
    }
    pull.fill(0);
    for (const [j, candidate] of candidates.entries()) {
      const weight = (weights[j]! / total - (candidate === own[place] ? 1 : 0)) / (temperature * chosen.length);
      if (Math.abs(weight) < 1e-7) continue;
      const start = candidate * dimension;
      for (let d = 0; d < dimension; d++) pull[d]! += weight * passages[start + d]!;
    }
    // Through the normalization: only what is across the vector turns it.
    let along = 0;
    for (let d = 0; d < dimension; d++) along += pull[d]! * corrected[d]!;
    innerGradient.fill(0);
    for (let d = 0; d < dimension; d++) {
      const turn = (pull[d]! - along * corrected[d]!) / length;
      for (let r = 0; r < rank; r++) {
        gradient.up[d * rank + r]! += turn * inner[r]!;
        innerGradient[r]! += turn * up[d * rank + r]!;
      }
    }
    for (let d = 0; d < dimension; d++)
      for (let r = 0; r < rank; r++) gradient.down[d * rank + r]! += row[d]! * innerGradient[r]!;
  }
}

class Adam {
  readonly #first: Float32Array;
  readonly #second: Float32Array;
  #steps = 0;

  constructor(
    readonly values: Float32Array,
    readonly gradient: Float32Array,
  ) {
    this.#first = new Float32Array(values.length);
    this.#second = new Float32Array(values.length);
  }

  step(rate: number, decay: number): void {
    this.#steps++;
    const firstBias = 1 - 0.9 ** this.#steps;
    const secondBias = 1 - 0.999 ** this.#steps;
    for (let i = 0; i < this.values.length; i++) {
      const slope = this.gradient[i]!;
      this.#first[i] = 0.9 * this.#first[i]! + 0.1 * slope;
      this.#second[i] = 0.999 * this.#second[i]! + 0.001 * slope * slope;
      const move = this.#first[i]! / firstBias / (Math.sqrt(this.#second[i]! / secondBias) + 1e-8);
      this.values[i]! -= rate * (move + decay * this.values[i]!);
    }
  }
}

/** Box and Muller's normal numbers. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** 0 to `count` − 1 in random order (Fisher and Yates). */
function shuffled(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
