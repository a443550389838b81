// How likely it is that the passages found hold the answer: a logistic function of what the index tells, without a language model.
import { evidence } from '../../cite/evidence.ts';
import type { Retriever } from '../../spec/retriever.ts';
import type { Hit } from '../../spec/store.ts';
import type { AskOptions } from '../../spec/strategy.ts';
import weights from './confidence-weights.json' with { type: 'json' };

/** What a judgement rests on, each about 0–1. */
export interface ConfidenceSignals {
  /** Largest cosine of a passage to the question. */
  nearness: number;
  /** Share of the question's words that the best passage has, rare words counting more. */
  coverage: number;
  /** Lead of the best passage over the second by the fused score: an answer stands out, a neighbouring topic doesn't. */
  lead: number;
}

/** Passages that are looked at. */
const judgedHits = 10;

/** The signals of a hybrid search with `explain`, best hit first. */
export function confidenceSignals(question: string, hits: readonly Hit[]): ConfidenceSignals {
  const [best, second] = hits;
  if (!best) return { nearness: 0, coverage: 0, lead: 0 };
  return {
    nearness: Math.max(...hits.map(({ scores, score }) => scores.dense ?? score)),
    coverage: coverageOf(question, hits),
    lead: best.score - (second?.score ?? 0),
  };
}

/** Probability that the answer is in the passages, 0–1. */
export function confidenceOf({ nearness, coverage, lead }: ConfidenceSignals): number {
  const { bias, ...weight } = weights;
  return 1 / (1 + Math.exp(-(bias + weight.nearness * nearness + weight.coverage * coverage + weight.lead * lead)));
}

/**
 * Judges whether the collection answers a question, by one more search for it.
 * @returns the confidence, 0–1, and what it rests on; none for a question of fewer than two content words ("How do I reset it?"),
 *   which say too little to judge by
 */
export async function judgeConfidence(
  question: string,
  retriever: Retriever,
  { filter, signal }: AskOptions,
): Promise<{ confidence?: number; signals?: ConfidenceSignals }> {
  if (contentOf(question).size < 2) return {};
  const hits = await retriever.search(question, { k: judgedHits, explain: true, filter, signal });
  const signals = confidenceSignals(question, hits);
  return { confidence: hits.length === 0 ? 0 : confidenceOf(signals), signals };
}

/** A word counts by 1/√(1 + passages with it): as good as the usual idf here (AUC 0.941 against 0.940), and the size need not be known. */
function coverageOf(question: string, hits: readonly Hit[]): number {
  const explained = hits.find(({ explanation }) => explanation?.terms)?.explanation?.terms;
  const wanted = explained
    ? explained.map(({ word, documents }) => ({ word, weight: 1 / Math.sqrt(1 + documents) }))
    : [...contentOf(question)].map((word) => ({ word, weight: 1 }));
  const { title, headings, text, explanation } = hits[0]!;
  const said = contentOf([title, ...headings, text].join('\n'));
  let all = 0;
  let covered = 0;
  for (const [i, { word, weight }] of wanted.entries()) {
    const term = explanation?.terms?.[i];
    all += weight;
    if (term ? term.text + term.title > 0 : [word, ...contentOf(word)].some((form) => said.has(form))) covered += weight;
  }
  return all > 0 ? covered / all : 0;
}

function contentOf(text: string): Set<string> {
  const { terms, numbers } = evidence(text);
  return new Set([...terms, ...numbers]);
}
