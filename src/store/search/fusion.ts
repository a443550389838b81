// Fusion: one ranking out of the dense and the lexical one.
import { InpageError } from '../../util/errors.ts';

/** A passage with the scores of the stages that found it; any scale, higher is better. */
export interface Candidate {
  position: number;
  dense?: number;
  lexical?: number;
}

/** A candidate with its place in the fused ranking. */
export type Fused<C extends Candidate> = C & { score: number };

type Stage = 'dense' | 'lexical';

/** Options of {@link reciprocalRankFusion}. */
export interface RankFusionOptions {
  /** Flattens the lead of the first ranks, > 0. @default 60 */
  k?: number;
}

/**
 * Reciprocal rank fusion: the sum of 1 / (k + rank) over the stages, ranks from 1 (Cormack, Clarke and Büttcher, SIGIR 2009).
 * A stage that has no score of a candidate adds nothing.
 * @returns best first; of equal scores the lower position
 * @throws InpageError `invalid-argument`
 */
export function reciprocalRankFusion<C extends Candidate>(
  candidates: readonly C[],
  { k = 60 }: RankFusionOptions = {},
): Fused<C>[] {
  if (!(k > 0)) throw new InpageError('invalid-argument', 'The k of reciprocal rank fusion must be greater than 0.');
  const scores = new Map<C, number>(candidates.map((candidate) => [candidate, 0]));
  for (const stage of ['dense', 'lexical'] as const) {
    const ranked = candidates.filter((candidate) => candidate[stage] !== undefined);
    ranked.sort((a, b) => b[stage]! - a[stage]! || a.position - b.position);
    for (const [index, candidate] of ranked.entries()) scores.set(candidate, scores.get(candidate)! + 1 / (k + index + 1));
  }
  return order(candidates.map((candidate) => ({ ...candidate, score: scores.get(candidate)! })));
}

/** Options of {@link convexCombination}. */
export interface ConvexOptions {
  /** Weight of the dense score, 0 to 1; the rest is the lexical score's. @default 0.5 */
  alpha?: number;
  /** The least score of a stage, where it is known (0 for BM25); otherwise the least among the candidates. */
  least?: Partial<Record<Stage, number>>;
}

/**
 * Convex combination: alpha × dense + (1 − alpha) × lexical, each score first mapped to 0…1 by its least and greatest value
 * (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023). A stage that has no score of a
 * candidate adds nothing; one whose scores are all the same gives each of them 1.
 * @returns best first, scores from 0 to 1; of equal scores the lower position
 * @throws InpageError `invalid-argument`
 */
export function convexCombination<C extends Candidate>(
  candidates: readonly C[],
  { alpha = 0.5, least = {} }: ConvexOptions = {},
): Fused<C>[] {
  if (!(alpha >= 0 && alpha <= 1)) throw new InpageError('invalid-argument', 'The alpha of the fusion must be from 0 to 1.');
  const dense = normalizer(candidates, 'dense', least.dense);
  const lexical = normalizer(candidates, 'lexical', least.lexical);
  return order(
    candidates.map((candidate) => ({
      ...candidate,
      score: alpha * dense(candidate.dense) + (1 - alpha) * lexical(candidate.lexical),
    })),
  );
}

function normalizer(candidates: readonly Candidate[], stage: Stage, known: number | undefined) {
  let least = known ?? Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const { [stage]: score } of candidates) {
    if (score === undefined) continue;
    least = Math.min(least, score);
    greatest = Math.max(greatest, score);
  }
  return (score: number | undefined): number => {
    if (score === undefined) return 0;
    return greatest > least ? (score - least) / (greatest - least) : 1;
  };
}

function order<C extends Candidate>(fused: Fused<C>[]): Fused<C>[] {
  return fused.sort((a, b) => b.score - a.score || a.position - b.position);
}
