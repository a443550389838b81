// Reranker: a question and texts in, one score a text out.
import type { CallOptions, ProgressOptions } from './call.ts';
import type { LoadProgress, Runtime } from './model.ts';

/** A loaded reranker. */
export interface RerankerInfo {
  model: string;
  device: Runtime;
  /** The adapter is an emulation on the CPU: correct, but very slow. */
  software?: boolean;
}

/** Options of {@link Reranker.rerank}. */
export interface RerankOptions extends CallOptions {
  /** Calls that wait go in this order, the lowest first. @default 0 */
  priority?: number;
}

/** Says how well each text answers a question, looking at both together. */
export interface Reranker {
  /** Loads the model, if there is one; later calls give the same answer at once. */
  load(options?: ProgressOptions<LoadProgress>): Promise<RerankerInfo>;
  /** One score a text, in the order of the texts; higher is better. Scores of different queries are not comparable. */
  rerank(query: string, texts: readonly string[], options?: RerankOptions): Promise<number[]>;
  close(): Promise<void>;
}
