// Figures over the rounds of a bench.

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** What every bench gives back. `ratio` compares within a round, so that a noisy machine hurts both alike. */
export interface BenchResult {
  suite: string;
  /** Median over the rounds. */
  ratio: number;
  /** Smallest and largest ratio of a round. */
  ratioRange: [number, number];
  sdk: number;
  plain: number;
  unit: string;
  /** Items a round. */
  n: number;
  rounds: number;
  device: string;
  threads: number;
  /** More figures of the suite. */
  [detail: string]: unknown;
}

/** Summarises rounds of (sdk, plain). */
export function summarize(rounds: readonly { sdk: number; plain: number }[]) {
  const ratios = rounds.map(({ sdk, plain }) => sdk / plain);
  return {
    ratio: median(ratios),
    ratioRange: [Math.min(...ratios), Math.max(...ratios)] as [number, number],
    sdk: median(rounds.map(({ sdk }) => sdk)),
    plain: median(rounds.map(({ plain }) => plain)),
    rounds: rounds.length,
  };
}

/** Summarises rounds of something with and without what is measured; `ratio` is with / without. */
export function ratiosOf(rounds: readonly { with: number; without: number }[]) {
  const ratios = rounds.map((round) => round.with / round.without);
  return {
    ratio: median(ratios),
    range: [Math.min(...ratios), Math.max(...ratios)] as [number, number],
    with: median(rounds.map((round) => round.with)),
    without: median(rounds.map((round) => round.without)),
    rounds: rounds.length,
  };
}
