// Rank: the best rows for a query, by vectors, by words, or by both.

import type { Kernel } from '../kernels/kernel.ts';
import type { LexicalSearch, TermScore } from '../lexical/lexical-search.ts';
import type { SegmentState } from '../snapshot.ts';
import { DenseSearch, type RowSource, type ScanCodes } from './dense-search.ts';
import { type Candidate, convexCombination, reciprocalRankFusion } from './fusion.ts';
import type { LexicalState } from './lexical-store.ts';
import type { Query } from './query.ts';
import { comparePassages, passageAt, type Scope } from './scope.ts';
import type { Timings } from './timings.ts';

/** A row with its scores. */
export interface Ranked {
  position: number;
  /** What the rows are ordered by. */
  score: number;
  scores: { dense?: number; lexical?: number; fused?: number };
  denseRank?: number;
  lexicalRank?: number;
  terms?: readonly TermScore[];
}

/** What a ranking works with. */
export interface RankSources {
  kernel: Kernel;
  scope: Scope;
  /** All, in order of position. */
  segments: readonly SegmentState[];
  rows: RowSource;
  scanCodes: ScanCodes;
  openLexical: () => Promise<LexicalState>;
  timings: Timings;
}

/** Rows of each stage that a fusion looks at: this many, or so many a hit. */
const fusedRows = 100;
const fusedShare = 5;

/** The best rows, best first; more than `k` where they are known anyway. */
export async function rank(query: Query, sources: RankSources): Promise<Ranked[]> {
  if (query.mode === 'dense') return rankDense(query, sources, query.k);
  if (query.mode === 'lexical') return rankLexical(query, sources, query.k);
  return rankHybrid(query, sources);
}

/**
 * Candidates a hit, by the number of passages: the more there are, the closer they lie. 16 at 50,000 and 38 at a million keep all
 * but two thousandths of the recall on real and on mixed MiniLM vectors (`npm run bench -- index`).
 */
function usualOversample(rows: number): number {
  return Math.max(10, Math.round(5 * Math.log2(rows / 5500)));
}

async function rankDense(
  query: Query,
  sources: RankSources,
  depth: number,
  search = denseSearch(query, sources),
): Promise<Ranked[]> {
  const candidates = Math.max(depth, query.k * (query.oversample ?? usualOversample(sources.scope.count)));
  const { positions, scores } = await search.rank({ depth, candidates, exact: query.exact });
  sources.timings.end('dense');
  return Array.from(scores, (score, index) => ({
    position: positions[index]!,
    score,
    scores: { dense: score },
    denseRank: index + 1,
  }));
}

async function rankLexical(query: Query, sources: RankSources, depth: number): Promise<Ranked[]> {
  const { found } = await searchLexical(query, sources, depth);
  return found;
}

async function rankHybrid(query: Query, sources: RankSources): Promise<Ranked[]> {
  const depth = Math.max(fusedRows, query.k * fusedShare);
  const search = denseSearch(query, sources);
  // Codes are looked at before anything is waited for.
  const ranking = rankDense(query, sources, depth, search);
  ranking.catch(() => {});
  const { found, lexical } = await searchLexical(query, sources, depth);
  const dense = (await ranking).slice(0, depth);
  const rows = new Map<number, Ranked>(dense.map((row) => [row.position, row]));
  for (const row of found)
    rows.set(row.position, { ...rows.get(row.position), ...row, scores: { ...rows.get(row.position)?.scores, ...row.scores } });

  const unscored = Uint32Array.from(
    found.map(({ position }) => position).filter((position) => !rows.get(position)!.denseRank),
  ).sort();
  for (const [index, score] of (await search.score(unscored)).entries())
    rows.get(unscored[index]!)!.scores.dense = Number.isNaN(score) ? undefined : score;
  const wordless = dense.map(({ position }) => position).filter((position) => !rows.get(position)!.lexicalRank);
  for (const [index, score] of lexical.scoresOf(wordless).entries()) rows.get(wordless[index]!)!.scores.lexical = score;
  const fused = fuse(inOrder([...rows.values()], sources.scope), query.fusion);
  sources.timings.end('fusion');
  return fused;
}

/** By document and passage. */
function inOrder(rows: readonly Ranked[], scope: Scope): Ranked[] {
  const passages = rows.map((row) => ({ row, passage: passageAt(scope, row.position) }));
  passages.sort((a, b) => a.passage.ordinal - b.passage.ordinal || a.passage.chunk - b.passage.chunk);
  return passages.map(({ row }) => row);
}

/** Of equal scores the row that comes first among those given goes first. */
function fuse(rows: readonly Ranked[], fusion: Query['fusion']): Ranked[] {
  if (fusion.method === 'convex') {
    const candidates = rows.map((row, position) => ({ row, position, ...row.scores }));
    return take(convexCombination(candidates, { alpha: fusion.weight, least: { lexical: 0 } }));
  }
  // Ranks count only where a stage has found the row.
  const candidates = rows.map((row, position) => ({
    row,
    position,
    dense: row.denseRank ? row.scores.dense : undefined,
    lexical: row.lexicalRank ? row.scores.lexical : undefined,
  }));
  return take(reciprocalRankFusion(candidates, { k: fusion.constant }));
}

function take(fused: readonly (Candidate & { row: Ranked; score: number })[]): Ranked[] {
  return fused.map(({ row, score }) => ({ ...row, score, scores: { ...row.scores, fused: score } }));
}

function denseSearch({ vector }: Query, { kernel, scope, rows, scanCodes }: RankSources): DenseSearch {
  return new DenseSearch(kernel, scope, vector!, rows, scanCodes);
}

async function searchLexical(
  { text, explain, condition }: Query,
  { scope, segments: states, openLexical, timings }: RankSources,
  depth: number,
): Promise<{ found: Ranked[]; lexical: LexicalSearch }> {
  const { index, segments, loadPositions } = await openLexical();
  timings.end('open lexical');
  const lexical = await index.prepare(text!, loadPositions);
  const masks = new Map(scope.segments.map(({ segment, mask }) => [segment, mask]));
  const none = new Uint16Array(0);
  const restricted = condition !== undefined || states.some(({ visible, live }) => visible !== live);
  const filters = restricted ? segments.map((segment) => (masks.has(segment) ? masks.get(segment) : none)) : undefined;
  const ties = (a: number, b: number) => comparePassages(scope, a, b);
  const found = lexical.search(depth, { filters, ties, explain }).map(({ position, score, terms }, place) => ({
    position,
    score,
    scores: { lexical: score },
    lexicalRank: place + 1,
    ...(terms && { terms }),
  }));
  timings.end('lexical');
  return { found, lexical };
}
