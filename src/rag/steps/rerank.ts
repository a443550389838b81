// Passages scored anew by a model that sees the question and the passage together, where the page has named one.
import type { CallOptions } from '../../spec/call.ts';
import type { Reranker } from '../../spec/reranker.ts';
import type { Hit } from '../../spec/store.ts';
import { withDefaults } from '../../util/options.ts';
import { inOrder } from './fuse-scores.ts';

/** Options of {@link rerank}. */
export interface RerankStepOptions extends CallOptions {
  /** Passages that are scored anew; the others stay behind them. @default 20 */
  depth?: number;
  /** What the new score counts against the old one, both scaled to 0–1 over these passages; 0–1. @default 0.7 */
  weight?: number;
}

/** Defaults of {@link RerankStepOptions}. */
export const rerankDefaults = { depth: 20, weight: 0.7 };

/** Best first. A hit's `score` is the mix of both. */
export async function rerank(
  question: string,
  hits: readonly Hit[],
  reranker: Reranker,
  options: RerankStepOptions = {},
): Promise<Hit[]> {
  const { depth, weight, signal } = withDefaults(rerankDefaults, options);
  const top = hits.slice(0, depth);
  const texts = top.map(({ title, text }) => (title && !text.startsWith(title) ? `${title}\n${text}` : text));
  const scores = scaled(await reranker.rerank(question, texts, { signal }));
  const before = scaled(top.map(({ score }) => score));
  const mixed = top.map((hit, i) => ({ ...hit, score: weight * scores[i]! + (1 - weight) * before[i]! }));
  return [...inOrder(mixed), ...hits.slice(depth).map((hit) => ({ ...hit, score: 0 }))];
}

function scaled(values: readonly number[]): number[] {
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  return values.map((value) => (range > 0 ? (value - least) / range : 1));
}
