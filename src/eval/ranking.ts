// Measures of one ranking, by ids, best first; each id counts once. All are 0–1, higher is better.
// Where nothing is relevant there is nothing to find, and every measure is 0.

type Ids = readonly string[];
type IdSet = ReadonlySet<string>;

const found = (ranked: Ids, relevant: IdSet, k: number) => ranked.slice(0, k).filter((id) => relevant.has(id)).length;

/** Share of the relevant ones that are among the first `k`. */
export function recallAt(k: number, ranked: Ids, relevant: IdSet): number {
  return relevant.size === 0 ? 0 : found(ranked, relevant, k) / relevant.size;
}

/** Share of the first `k` places that hold a relevant one; a ranking that is shorter has its other places wrong. */
export function precisionAt(k: number, ranked: Ids, relevant: IdSet): number {
  return found(ranked, relevant, k) / k;
}

/** 1 where at least one of the first `k` is relevant. */
export function hitAt(k: number, ranked: Ids, relevant: IdSet): number {
  return found(ranked, relevant, k) > 0 ? 1 : 0;
}

/** 1 where all that is relevant is among the first `k`. */
export function allAt(k: number, ranked: Ids, relevant: IdSet): number {
  return relevant.size > 0 && found(ranked, relevant, k) === relevant.size ? 1 : 0;
}

/** 1 / rank of the first relevant one; its mean over questions is the MRR (Voorhees, TREC-8). @param k 0 beyond this rank */
export function reciprocalRank(ranked: Ids, relevant: IdSet, k = Number.POSITIVE_INFINITY): number {
  const at = ranked.findIndex((id) => relevant.has(id));
  return at < 0 || at >= k ? 0 : 1 / (at + 1);
}

/** Discounted cumulative gain over that of the best ranking, with gains 0 and 1 (Järvelin and Kekäläinen, TOIS 2002). */
export function ndcgAt(k: number, ranked: Ids, relevant: IdSet): number {
  const gain = (rank: number) => 1 / Math.log2(rank + 2);
  let sum = 0;
  for (const [rank, id] of ranked.slice(0, k).entries()) if (relevant.has(id)) sum += gain(rank);
  let best = 0;
  for (let rank = 0; rank < Math.min(k, relevant.size); rank++) best += gain(rank);
  return best === 0 ? 0 : sum / best;
}

/** Mean of the precisions at the ranks of the relevant ones, 0 for one that is missing; its mean over questions is the MAP. */
export function averagePrecision(ranked: Ids, relevant: IdSet): number {
  if (relevant.size === 0) return 0;
  let seen = 0;
  let sum = 0;
  for (const [rank, id] of ranked.entries()) if (relevant.has(id)) sum += ++seen / (rank + 1);
  return sum / relevant.size;
}
