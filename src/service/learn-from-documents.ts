// Learns an adapter from questions that are made of a collection's own passages, and tries it on passages that gave it none. The
// sentence that a question is made of is taken out of its passage, or every question would find its passage by being a part of it.
import { type Adapter, applyAdapter } from '../adapt/adapter.ts';
import { makePairs } from '../adapt/make-pairs.ts';
import { trainAdapter } from '../adapt/train.ts';
import { passageText } from '../ingest/passage-text.ts';
import type { AdapterScores, AdaptProgress, AdaptResult } from '../spec/adapter.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { Store, StoredPassage } from '../spec/store.ts';
import { createRandom } from '../util/random.ts';
import { checkEnough, depth, heldOutShare, judge } from './judge-adapter.ts';

/** Questions that are made, and hard negatives of each. */
const mostPairs = 1000;
const nearest = 6;
/** Passages that questions are made of are drawn from so many. */
const mostPassages = 5000;
const batch = 64;

interface Learning {
  embedder: Embedder;
  dimension: number;
  questions: Float32Array;
  rests: Float32Array;
}

/** @throws InpageError `invalid-argument` for documents that give fewer than 30 questions */
export async function learnFromDocuments(
  store: Pick<Store, 'list' | 'passages' | 'text'>,
  embedder: Embedder,
  { seed = 1, signal, onProgress }: ProgressOptions<AdaptProgress> & { seed?: number } = {},
): Promise<{ adapter: Adapter; result: AdaptResult }> {
  const passages = await passagesOf(store, seed, signal);
  const pairs = makePairs(passages, { count: mostPairs, seed });
  checkEnough(pairs.length);
  const texts = pairs.flatMap(({ question, passage, rest }) => {
    const { title, headings } = passages[passage]!;
    return [{ text: question, kind: 'query' } as const, { text: passageText(title, headings, rest), kind: 'passage' } as const];
  });
  const vectors = { query: [] as Float32Array[], passage: [] as Float32Array[] };
  for (const kind of ['query', 'passage'] as const) {
    const wanted = texts.filter((entry) => entry.kind === kind).map(({ text }) => text);
    for (let at = 0; at < wanted.length; at += batch) {
      const { data } = await embedder.embed(wanted.slice(at, at + batch), { kind, priority: 1, signal });
      vectors[kind].push(data);
      const done = (kind === 'passage' ? pairs.length : 0) + Math.min(at + batch, wanted.length);
      onProgress?.({ phase: 'embed', done, total: 2 * pairs.length });
    }
  }
  const { dimension } = (await embedder.load({ signal })).space;
  const learning: Learning = { embedder, dimension, questions: joined(vectors.query), rests: joined(vectors.passage) };
  const heldOut = Math.ceil(pairs.length * heldOutShare);
  const trained = Array.from({ length: pairs.length - heldOut }, (_, i) => heldOut + i);
  const negatives = trained.map((own) =>
    rankingOf(learning, own)
      .filter((other) => other !== own)
      .slice(0, nearest),
  );
  const adapter = await trainAdapter(
    {
      dimension,
      queries: learning.questions.subarray(heldOut * dimension),
      passages: learning.rests,
      positives: trained.map((own) => [own]),
      negatives,
    },
    { seed, signal, onProgress: (progress) => onProgress?.({ phase: 'train', ...progress }) },
  );
  const scores = (corrected?: Adapter) => Array.from({ length: heldOut }, (_, own) => scoreOf(learning, own, corrected));
  const counts = { trained: trained.length, heldOut, source: 'documents' } as const;
  return { adapter, result: judge(scores(), scores(adapter), counts, seed) };
}

/** Passages with their texts, of documents drawn at random. */
async function passagesOf(store: Pick<Store, 'list' | 'passages' | 'text'>, seed: number, signal: AbortSignal | undefined) {
  const random = createRandom(seed);
  const documents = (await store.list()).map((document) => ({ ...document, key: random() })).sort((a, b) => a.key - b.key);
  const found: (Omit<StoredPassage, 'vector'> & { title: string; text: string })[] = [];
  for (const { id, title } of documents) {
    signal?.throwIfAborted();
    if (found.length >= mostPassages) break;
    const text = await store.text(id);
    for (const passage of await store.passages(id)) {
      found.push({ ...passage, title, text: text.slice(passage.start, passage.end) });
    }
  }
  return found;
}

/** All rests by their nearness to a question. */
function rankingOf({ dimension, questions, rests }: Learning, question: number, corrected?: Adapter): number[] {
  const vector = questions.slice(question * dimension, (question + 1) * dimension);
  if (corrected) applyAdapter(corrected, vector);
  const count = rests.length / dimension;
  const cosines = new Float64Array(count);
  for (let i = 0; i < count; i++) for (let d = 0; d < dimension; d++) cosines[i]! += vector[d]! * rests[i * dimension + d]!;
  return [...cosines.keys()].sort((a, b) => cosines[b]! - cosines[a]!);
}

function scoreOf(learning: Learning, own: number, corrected?: Adapter): AdapterScores {
  const rank = rankingOf(learning, own, corrected).indexOf(own) + 1;
  return rank <= depth ? { ndcg: 1 / Math.log2(rank + 1), mrr: 1 / rank } : { ndcg: 0, mrr: 0 };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
