// How likely passages are about a question, from their scores and words alone.
import type { Hit } from '../../spec/store.ts';
import { contentWords, coverage, termsOf } from './content-words.ts';

/** Cosine of MiniLM from which a passage is surely about a question. */
const sureCosine = 0.6;

/** 0–1: the best cosine and the share of the question's words that the best passages have, in equal parts; 0 without passages. */
export function relevance(question: string, hits: readonly Hit[]): number {
  if (hits.length === 0) return 0;
  const cosine = Math.max(0, ...hits.map(({ scores }) => scores.dense ?? 0));
  const said = termsOf(
    hits
      .slice(0, 3)
      .map(({ title, text }) => `${title}\n${text}`)
      .join('\n'),
  );
  return (Math.min(1, cosine / sureCosine) + coverage(contentWords(question), said)) / 2;
}
