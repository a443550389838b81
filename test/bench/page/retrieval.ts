// Ranks SciFact's abstracts for its claims through the public surface, and rates the rankings (Järvelin & Kekäläinen, TOIS 2002).
import type { StoreQuery, VectorDocument } from '../../../src/index.ts';
import { fetchRows } from './dense/dataset.ts';
import { openInpage } from './open-inpage.ts';
import { quantile } from './statistics.ts';

export interface RetrievalSettings {
  dimension: number;
  /** Parts of a query by name. */
  variants: Record<string, Partial<StoreQuery>>;
}

/** Means over the claims, 0–1, and the median time of a query at k = 10. */
export interface RetrievalRow {
  variant: string;
  ndcg10: number;
  mrr10: number;
  recall100: number;
  p50Ms: number;
}

interface Entry {
  _id: string;
  title?: string;
  text: string;
}

export async function retrieval({ dimension, variants }: RetrievalSettings) {
  const [corpus, claims, relevant] = await Promise.all([lines('corpus.jsonl'), lines('queries.jsonl'), judgments()]);
  const rows = (name: string, count: number) => fetchRows({ url: `/vectors/${name}.f32`, dimension, first: 0, count });
  const store = await openInpage('scifact', { dimension });
  await store.add(documents(corpus, await rows('scifact-passages', corpus.length)));
  const vectors = await rows('scifact-queries', claims.length);
  const result: RetrievalRow[] = [];
  for (const [variant, part] of Object.entries(variants)) {
    const sums = { ndcg10: 0, mrr10: 0, recall100: 0 };
    const ms: number[] = [];
    for (const [i, claim] of claims.entries()) {
      const right = relevant.get(claim._id) ?? new Set();
      const query = { text: claim.text, vector: vectors[i]!, ...part };
      const started = performance.now();
      const best = await store.search({ ...query, k: 10 });
      ms.push(performance.now() - started);
      const isRight = best.map(({ document }) => right.has(document));
      sums.ndcg10 += discounted(isRight) / discounted(Array(Math.min(10, right.size)).fill(true));
      sums.mrr10 += isRight.includes(true) ? 1 / (isRight.indexOf(true) + 1) : 0;
      const more = await store.search({ ...query, k: 100 });
      sums.recall100 += more.filter(({ document }) => right.has(document)).length / right.size;
    }
    const mean = (sum: number) => sum / claims.length;
    result.push({
      variant,
      ndcg10: mean(sums.ndcg10),
      mrr10: mean(sums.mrr10),
      recall100: mean(sums.recall100),
      p50Ms: quantile(
        ms.sort((a, b) => a - b),
        0.5,
      ),
    });
  }
  await store.close();
  return { queries: claims.length, rows: result };
}

const discounted = (isRight: readonly boolean[]) =>
  isRight.reduce((sum, right, i) => sum + (right ? 1 / Math.log2(i + 2) : 0), 0);

/** One abstract is one document and one passage. */
function* documents(corpus: readonly Entry[], vectors: readonly Float32Array[]): Iterable<VectorDocument> {
  for (const [i, { _id: id, title, text }] of corpus.entries()) yield { id, title, text, vectors: vectors[i]!.slice() };
}

async function fetchText(name: string): Promise<string[]> {
  const response = await fetch(`/data/scifact/${name}`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return (await response.text()).trim().split('\n');
}

const lines = async (name: string): Promise<Entry[]> => (await fetchText(name)).map((line) => JSON.parse(line));

/** Ids of the right abstracts by claim. */
async function judgments(): Promise<Map<string, Set<string>>> {
  const right = new Map<string, Set<string>>();
  for (const line of (await fetchText('qrels.tsv')).slice(1)) {
    const [query = '', document = '', score] = line.split('\t');
    if (Number(score) > 0) right.set(query, (right.get(query) ?? new Set()).add(document));
  }
  return right;
}
