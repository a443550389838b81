// Query: what is asked of the lexical index, as terms and phrases of each language in the collection.
import type { Analyzer } from './analyzer.ts';
import { tokenize } from './tokenize.ts';

/** A word asked for. It stands for all its variants together, as if they were one term. */
export interface QueryTerm {
  word: string;
  /** What becomes of it by the rules of each language, without repetition. */
  variants: readonly string[];
  /** How often it was asked for. */
  weight: number;
}

/** Words that must stand side by side, by the rules of one language. */
export interface PhraseTerm {
  term: string;
  /** Its place in the phrase. */
  offset: number;
}

/** A query made ready for the languages of a collection. */
export interface LexicalQuery {
  terms: readonly QueryTerm[];
  /** For each quoted phrase, by language; a language in which it has stop words only is missing. */
  phrases: readonly ReadonlyMap<string, readonly PhraseTerm[]>[];
}

const quoted = /"([^"]*)"|“([^“”]*)”/g;

/**
 * Reads a query: words, and "phrases in quotes". Words that are stop words in all languages are left out.
 * @param analyzer has loaded the languages
 * @param languages those of the passages that are searched
 */
export function readQuery(text: string, analyzer: Analyzer, languages: readonly string[]): LexicalQuery {
  const phrases = Array.from(text.matchAll(quoted), ([, straight, curved]) => tokenize(straight ?? curved ?? ''));
  const byVariants = new Map<string, QueryTerm>();
  for (const word of tokenize(text)) {
    const variants = [...new Set(languages.map((language) => analyzer.term(word, language)))]
      .filter((term) => term !== '')
      .sort();
    if (variants.length === 0) continue;
    const key = variants.join(' ');
    const known = byVariants.get(key);
    if (known) known.weight++;
    else byVariants.set(key, { word, variants, weight: 1 });
  }
  return {
    terms: [...byVariants.values()],
    phrases: phrases.map((words) => {
      const byLanguage = languages.map((language) => [language, phraseTerms(words, analyzer, language)] as const);
      return new Map(byLanguage.filter(([, terms]) => terms.length > 0));
    }),
  };
}

function phraseTerms(words: readonly string[], analyzer: Analyzer, language: string): PhraseTerm[] {
  return words.map((word, offset) => ({ term: analyzer.term(word, language), offset })).filter(({ term }) => term !== '');
}
