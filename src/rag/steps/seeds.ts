// Passages for each name in a question, however little else of the question they have: where a chain of facts begins.
import type { SearchOptions } from '../../spec/retriever.ts';
import type { Hit } from '../../spec/store.ts';
import type { StrategyContext } from '../../spec/strategy.ts';
import { termsOf } from './content-words.ts';
import { namesInQuestion } from './names.ts';

/** A name that this many passages have tells nothing. */
const commonName = 3000;

/** Passages that have all words of a name; `score` is how rare the name is, 0–1. */
export async function nameSeeds(
  question: string,
  { retriever }: Pick<StrategyContext, 'retriever'>,
  options: Pick<SearchOptions, 'k' | 'filter' | 'signal'>,
): Promise<Hit[]> {
  const names = namesInQuestion(question);
  if (names.length === 0) return [];
  const found = await retriever.search(names, { ...options, mode: 'lexical', explain: true });
  return names.flatMap((name, i) => {
    const terms = [...termsOf(name)];
    return found[i]!.flatMap(({ explanation, ...hit }) => {
      const has = termsOf(`${hit.title}\n${hit.text}`);
      if (!terms.every((term) => has.has(term))) return [];
      const passages = Math.max(1, ...(explanation?.terms ?? []).map(({ documents }) => documents));
      return [{ ...hit, score: Math.max(0, 1 - Math.log(passages) / Math.log(commonName)) }];
    });
  });
}
