// The words of a text that say what it is about, as they stand and as they are compared.
import { evidence } from '../../cite/evidence.ts';
import { words } from '../../util/text.ts';

/** A content word. */
export interface ContentWord {
  /** As it stands, in lower case. */
  word: string;
  /** Folded, so that forms of one word meet. */
  term: string;
}

/** Content words in order, each once. */
export function contentWords(text: string): ContentWord[] {
  const found = new Map<string, ContentWord>();
  for (const word of words(text)) {
    const { terms, numbers } = evidence(word);
    const [term] = [...terms, ...numbers];
    if (term !== undefined && !found.has(term)) found.set(term, { word, term });
  }
  return [...found.values()];
}

/** The terms of a text, for looking words up in. */
export function termsOf(text: string): Set<string> {
  const { terms, numbers } = evidence(text);
  return new Set([...terms, ...numbers]);
}

/** Share of some words that a text has, 0–1; 0 where there are none. */
export function coverage(asked: readonly ContentWord[], terms: ReadonlySet<string>): number {
  return asked.length === 0 ? 0 : asked.filter(({ term }) => terms.has(term)).length / asked.length;
}
