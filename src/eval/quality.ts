// Quality without right answers, as RAGAS (Es et al., arXiv:2309.15217) and TruLens measure it; who judges is the caller's choice.
// All are 0–1.
import type { CallOptions } from '../spec/call.ts';
import type { Citation } from '../spec/citation.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { Hit } from '../spec/store.ts';
import { splitSentences } from '../util/text.ts';
import type { Judge } from './judge.ts';
import { cosine } from './overlap.ts';
import { averagePrecision } from './ranking.ts';

/** Verdicts from this on are a yes. */
const yes = 0.5;

const share = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

const sentencesOf = (text: string) => splitSentences(text).map(({ start, end }) => text.slice(start, end));

/** Share of the passages that help to answer the question; 0 where there is none. */
export async function contextRelevance(
  judge: Judge,
  question: string,
  hits: readonly Hit[],
  call?: CallOptions,
): Promise<number> {
  return share(await judge.relevant(question, hits, call));
}

/** Whether the passages that help stand before those that do not: the mean precision at their ranks; 0 where none helps. */
export async function contextPrecision(
  judge: Judge,
  question: string,
  hits: readonly Hit[],
  call?: CallOptions,
): Promise<number> {
  const verdicts = await judge.relevant(question, hits, call);
  const ranks = verdicts.map((_, rank) => String(rank));
  return averagePrecision(ranks, new Set(ranks.filter((_, rank) => verdicts[rank]! >= yes)));
}

/** Share of the sentences of a right answer that the passages support: whether what is needed was found. */
export async function contextRecall(judge: Judge, reference: string, hits: readonly Hit[], call?: CallOptions): Promise<number> {
  return share(await judge.supported(sentencesOf(reference), hits, call));
}

/** Share of the sentences of an answer that the passages support; 0 for an empty one. */
export async function faithfulness(judge: Judge, answer: string, hits: readonly Hit[], call?: CallOptions): Promise<number> {
  return share(await judge.supported(sentencesOf(answer), hits, call));
}

/** The same from the citations that came with an answer; 0 where there is none. */
export function citedShare(citations: readonly Citation[]): number {
  return share(citations.map(({ supported }) => (supported ? 1 : 0)));
}

/** How near an answer is to its question in meaning: their cosine, 0 where they point apart. */
export async function answerRelevance(embedder: Embedder, question: string, answer: string, call?: CallOptions): Promise<number> {
  const { data, dimension } = await embedder.embed([question, answer], call);
  return Math.max(0, cosine(data.subarray(0, dimension), data.subarray(dimension)));
}
