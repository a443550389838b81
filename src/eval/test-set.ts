// What is measured: questions with the places in the documents that answer them.
import type { Hit } from '../spec/store.ts';
import { createRandom } from '../util/random.ts';

/** A document, or a stretch of it, that a question should find. Offsets are UTF-16 code units. */
export interface Gold {
  document: string;
  start?: number;
  end?: number;
}

/** One question of a test set. */
export interface TestCase {
  id: string;
  question: string;
  /** Each one counts once, however many passages of it are found. */
  gold: readonly Gold[];
  /** Right answers, any of which will do. */
  answers?: readonly string[];
}

/** Questions over one collection. */
export interface TestSet {
  name: string;
  cases: readonly TestCase[];
}

/** Whether a passage is, or overlaps, what should be found. */
function covers({ document, start, end }: Hit, gold: Gold): boolean {
  return document === gold.document && start < (gold.end ?? Number.POSITIVE_INFINITY) && end > (gold.start ?? -1);
}

/**
 * The ranking of a list of passages as ids, each once at its best rank: that of the gold which a passage covers, else that of its
 * document, or of the passage itself where the gold is finer than documents.
 * @returns the ids in order, and those of the gold
 */
export function rankedIds(hits: readonly Hit[], gold: readonly Gold[]): { ranked: string[]; relevant: Set<string> } {
  const idOf = ({ document, start, end }: Gold) =>
    start === undefined && end === undefined ? document : `${document}@${start}-${end}`;
  const byDocument = gold.every(({ start, end }) => start === undefined && end === undefined);
  const ranked = hits.flatMap((hit) => {
    const found = gold.filter((item) => covers(hit, item)).map(idOf);
    return found.length > 0 ? found : [byDocument ? hit.document : hit.id];
  });
  return { ranked: [...new Set(ranked)], relevant: new Set(gold.map(idOf)) };
}

/** Items drawn without replacement, in the order they had; all of them where there are no more than `n`. */
export function sample<T>(items: readonly T[], n: number, seed: number): T[] {
  const random = createRandom(seed);
  return items
    .map((item, place) => ({ item, place, key: random() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, n)
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
