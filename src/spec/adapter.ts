// Adapter: what a collection has learned of the questions that are put to it.
import type { ProgressOptions } from './call.ts';
import type { Hit } from './store.ts';

/** A question with a passage that answers it, or does not though it looks so. A `Hit` is a passage, and so is a supported `Citation`. */
export interface TrainingPair {
  question: string;
  passage: Pick<Hit, 'document' | 'start' | 'end'>;
  /** @default true */
  relevant?: boolean;
}

/** How far the learning is. */
export interface AdaptProgress {
  /** `mine` looks for passages that only seem right. */
  phase: 'embed' | 'mine' | 'train' | 'evaluate';
  /** Questions; steps of training. */
  done: number;
  total: number;
}

/** Options of {@link Assistant.adapt}. */
export interface AdaptOptions extends ProgressOptions<AdaptProgress> {
  /**
   * What is learned from. `documents`: questions made of their sentences, for the meantime; on the data it was tried on it gained
   * nothing, and was dropped. @default what `feedback` was given
   */
  pairs?: readonly TrainingPair[] | 'documents';
  /** The same pairs and seed give the same adapter. @default 1 */
  seed?: number;
}

/** Measures of the held-out questions: means of nDCG@10 and of the reciprocal rank (0 beyond rank 10). */
export interface AdapterScores {
  ndcg: number;
  mrr: number;
}

/** What learning has come to. */
export interface AdaptResult {
  /** Whether the collection searches with the new adapter. If not, it searches as before. */
  kept: boolean;
  /** Of the held-out questions, without any adapter and with the new one. */
  before: AdapterScores;
  after: AdapterScores;
  /** Gain in nDCG@10: its mean and its interval of 90 %, by the paired bootstrap. The adapter is kept if all of it is above 0. */
  gain: { mean: number; low: number; high: number };
  /** Questions that were learned from and questions held out, and where they are from. */
  pairs: { trained: number; heldOut: number; source: 'given' | 'feedback' | 'documents' };
}

/** The adapter that a collection searches with. */
export interface AdapterInfo extends Omit<AdaptResult, 'kept'> {
  rank: number;
  /** Epoch milliseconds. */
  trainedAt: number;
}
