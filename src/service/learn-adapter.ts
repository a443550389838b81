// Learns an adapter for a collection from questions with their passages, and tries it on questions that it has not seen: the
// collection's own search, with it and without.
import type { Adapter } from '../adapt/adapter.ts';
import { applyAdapter } from '../adapt/adapter.ts';
import { trainAdapter } from '../adapt/train.ts';
import { bootstrap } from '../eval/bootstrap.ts';
import { ndcgAt, reciprocalRank } from '../eval/ranking.ts';
import { rankedIds, type TestCase } from '../eval/test-set.ts';
import type { AdapterScores, AdaptProgress, AdaptResult, TrainingPair } from '../spec/adapter.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { Store } from '../spec/store.ts';
import { InpageError } from '../util/errors.ts';
import { createRandom } from '../util/random.ts';
import { PassageRows } from './passage-rows.ts';

/** Fewer questions tell nothing. */
const leastQuestions = 30;
/** Share of the questions that is held out. */
const heldOutShare = 1 / 3;
/** Hard negatives that are looked for, for each question. */
const minedPassages = 6;
/** Questions that are embedded or searched for in one call. */
const batch = 64;
/** Places of a ranking that count. */
const depth = 10;
/** The interval of the gain is of so much probability; an adapter is kept if all of it is above 0. */
const level = 0.9;

/** What is learned from and tried on. */
export interface LearnParts {
  store: Pick<Store, 'search' | 'passages' | 'hash'>;
  embedder: Embedder;
}

/** A question with its vector, the passages that answer it and those that only look so. */
interface Lesson extends TestCase {
  vector: Float32Array;
  refused: readonly TrainingPair['passage'][];
}

/**
 * @param pairs as given or made; those whose document is gone are left out
 * @throws InpageError `invalid-argument` for fewer than 30 questions with a passage that answers them
 */
export async function learnAdapter(
  pairs: readonly TrainingPair[],
  source: AdaptResult['pairs']['source'],
  { store, embedder }: LearnParts,
  { seed = 1, signal, onProgress }: ProgressOptions<AdaptProgress> & { seed?: number } = {},
): Promise<{ adapter: Adapter; result: AdaptResult }> {
  const rows = new PassageRows(store);
  const lessons = await prepare(pairs, { store, embedder }, rows, { signal, onProgress });
  if (lessons.length < leastQuestions) {
    throw new InpageError(
      'invalid-argument',
      `An adapter needs ${leastQuestions} questions with a passage that answers them, and there are ${lessons.length}. Give more pairs.`,
      { detail: { questions: lessons.length } },
    );
  }
  const heldOut = lessons.slice(0, Math.ceil(lessons.length * heldOutShare));
  const trained = lessons.slice(heldOut.length);
  const negatives = await mine(trained, store, rows, { signal, onProgress });
  const adapter = await trainAdapter(
    {
      dimension: rows.dimension,
      queries: concatenate(trained.map(({ vector }) => vector)),
      passages: rows.vectors(),
      positives: trained.map(({ gold }) => gold.flatMap((place) => rows.find(place as TrainingPair['passage']))),
      negatives,
    },
    { seed, signal, onProgress: (progress) => onProgress?.({ phase: 'train', ...progress }) },
  );
  const evaluate = (corrected: boolean) => {
    const done = corrected ? heldOut.length : 0;
    const tell = (count: number) => onProgress?.({ phase: 'evaluate', done: done + count, total: 2 * heldOut.length });
    return rank(heldOut, store, corrected ? adapter : undefined, signal, tell);
  };
  const [before, after] = [await evaluate(false), await evaluate(true)];
  const gains = after.map(({ ndcg }, i) => ndcg - before[i]!.ndcg);
  const gain = bootstrap(gains, { level, seed });
  const counts = { trained: trained.length, heldOut: heldOut.length, source };
  return { adapter, result: { kept: gain.low > 0, before: means(before), after: means(after), gain, pairs: counts } };
}

/** Questions in random order, but the same each time, with their vectors. */
async function prepare(
  pairs: readonly TrainingPair[],
  { store, embedder }: LearnParts,
  rows: PassageRows,
  { signal, onProgress }: ProgressOptions<AdaptProgress>,
): Promise<Lesson[]> {
  const grouped = new Map<string, { gold: TrainingPair['passage'][]; refused: TrainingPair['passage'][] }>();
  for (const { question, passage, relevant = true } of pairs) {
    signal?.throwIfAborted();
    if ((await store.hash(passage.document)) === undefined) continue;
    await rows.load(passage.document);
    if (rows.find(passage).length === 0) continue;
    const group = grouped.get(question) ?? { gold: [], refused: [] };
    (relevant ? group.gold : group.refused).push(passage);
    grouped.set(question, group);
  }
  const random = createRandom(1);
  const found = [...grouped]
    .filter(([, { gold }]) => gold.length > 0)
    .map(([question, group]) => ({ question, ...group, key: random() }))
    .sort((a, b) => a.key - b.key);
  const lessons: Lesson[] = [];
  for (let at = 0; at < found.length; at += batch) {
    const part = found.slice(at, at + batch);
    const texts = part.map(({ question }) => question);
    // Passages that wait to be embedded may go first: nobody waits for this at the screen.
    const { data, dimension } = await embedder.embed(texts, { kind: 'query', priority: 1, signal });
    for (const [i, { question, gold, refused }] of part.entries()) {
      lessons.push({ id: question, question, gold, refused, vector: data.slice(i * dimension, (i + 1) * dimension) });
    }
    onProgress?.({ phase: 'embed', done: lessons.length, total: found.length });
  }
  return lessons;
}

/** Rows of passages that are near a question and none of its own, and those that were refused. */
async function mine(
  lessons: readonly Lesson[],
  store: LearnParts['store'],
  rows: PassageRows,
  { signal, onProgress }: ProgressOptions<AdaptProgress>,
): Promise<number[][]> {
  const negatives: number[][] = [];
  for (let at = 0; at < lessons.length; at += batch) {
    const part = lessons.slice(at, at + batch);
    const found = await store.search(part.map(({ vector }) => ({ vector, k: minedPassages, signal })));
    for (const [i, { gold, refused }] of part.entries()) {
      const near = found[i]!;
      for (const { document } of near) await rows.load(document);
      const own = new Set(gold.flatMap((place) => rows.find(place as TrainingPair['passage'])));
      negatives.push([...new Set([...refused, ...near].flatMap((place) => rows.find(place)))].filter((row) => !own.has(row)));
    }
    onProgress?.({ phase: 'mine', done: negatives.length, total: lessons.length });
  }
  return negatives;
}

/** The measures of each question's ranking. */
async function rank(
  lessons: readonly Lesson[],
  store: LearnParts['store'],
  adapter: Adapter | undefined,
  signal: AbortSignal | undefined,
  tell: (count: number) => void,
): Promise<AdapterScores[]> {
  const scores: AdapterScores[] = [];
  for (let at = 0; at < lessons.length; at += batch) {
    const part = lessons.slice(at, at + batch);
    const found = await store.search(
      part.map(({ question, vector }) => ({
        text: question,
        vector: adapter ? applyAdapter(adapter, vector.slice()) : vector,
        k: depth,
        signal,
      })),
    );
    for (const [i, { gold }] of part.entries()) {
      const { ranked, relevant } = rankedIds(found[i]!, gold);
      scores.push({ ndcg: ndcgAt(depth, ranked, relevant), mrr: reciprocalRank(ranked, relevant, depth) });
    }
    tell(scores.length);
  }
  return scores;
}

function means(scores: readonly AdapterScores[]): AdapterScores {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { ndcg: mean(scores.map(({ ndcg }) => ndcg)), mrr: mean(scores.map(({ mrr }) => mrr)) };
}

function concatenate(vectors: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(vectors.length * (vectors[0]?.length ?? 0));
  for (const [i, vector] of vectors.entries()) all.set(vector, i * vector.length);
  return all;
}
