// Analyzer: text to the terms that are indexed: words without stop words, stemmed by the rules of a language.
import { InpageError } from '../../util/errors.ts';
import { commonWords } from './common-words.ts';
import { type Language, type LanguageRules, loadLanguage } from './languages.ts';
import { longestWord, tokenize } from './tokenize.ts';

/** A text as it is indexed. */
export interface AnalyzedText {
  terms: readonly string[];
  /** Of each term, counted in words of the text, stop words included; ascending. */
  positions: Uint32Array;
}

/** A passage as it is indexed. */
export interface AnalyzedRow {
  language: string;
  text: AnalyzedText;
  /** Title of the document, headings around the passage. */
  title: AnalyzedText;
}

interface Rules {
  stopwords: ReadonlySet<string>;
  stemmer: (word: string) => string;
  /** Terms of the words met; '' for stop words. */
  known: Map<string, string>;
}

const mostKnown = 200_000;

/** Turns words into terms. Languages are loaded once; what uses them does not wait. */
export class Analyzer {
  readonly #rules = new Map<string, Rules>();

  /** @throws InpageError `invalid-argument` for an unknown language */
  async load(languages: Iterable<string>): Promise<void> {
    const missing = [...new Set(languages)].filter((language) => !this.#rules.has(language));
    const loaded = await Promise.all(missing.map(loadLanguage));
    for (const [index, language] of missing.entries()) this.#rules.set(language, prepareRules(language, loaded[index]!));
  }

  /** Analyses a passage in its document's language, which was loaded. */
  row(language: Language, text: string, title = ''): AnalyzedRow {
    return { language, text: this.analyze(text, language), title: this.analyze(title, language) };
  }

  analyze(text: string, language: string): AnalyzedText {
    const rules = this.#rulesOf(language);
    const words = tokenize(text);
    const positions = new Uint32Array(words.length);
    const terms: string[] = [];
    for (let at = 0; at < words.length; at++) {
      const term = termOf(words[at]!, rules);
      if (term === '') continue;
      positions[terms.length] = at;
      terms.push(term);
    }
    return { terms, positions: positions.subarray(0, terms.length) };
  }

  /** The term of one word of {@link tokenize}; '' for a stop word. */
  term(word: string, language: string): string {
    return termOf(word, this.#rulesOf(language));
  }

  #rulesOf(language: string): Rules {
    const rules = this.#rules.get(language);
    if (!rules) throw new InpageError('invalid-argument', `The rules of the language "${language}" are not loaded. Call load().`);
    return rules;
  }
}

function prepareRules(language: string, { stemmer, stopwords }: LanguageRules): Rules {
  const common = commonWords[language as Language] ?? '';
  return {
    stopwords: new Set([...stopwords, common].flatMap((word) => tokenize(word))),
    stemmer: stemmer ?? ((word) => word),
    known: new Map(),
  };
}

function termOf(word: string, rules: Rules): string {
  const known = rules.known.get(word);
  if (known !== undefined) return known;
  if (rules.known.size >= mostKnown) rules.known.clear();
  const term = makeTerm(word, rules);
  rules.known.set(word, term);
  return term;
}

function makeTerm(word: string, { stopwords, stemmer }: Rules): string {
  if (stopwords.has(word)) return '';
  const bare = word.includes("'") ? withoutApostrophes(word) : word;
  if (stopwords.has(bare)) return '';
  return fold(stemmer(bare) || bare).slice(0, longestWord);
}

/** Articles and pronouns of French and Italian, as in "l'eau", "qu'elle", "dell'arte". */
const elision = /^(?:[a-z]|qu|jusqu|lorsqu|puisqu|quoiqu|un|gl|all|dall|dell|nell|sull|coll|quell)'/;

function withoutApostrophes(word: string): string {
  return word.replace(/'s?$/, '').replace(elision, '').replaceAll("'", '');
}

const marks = /[\u0300-\u036f]/g;
const letters: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ı: 'i', ς: 'σ' };
const otherLetters = /[ßøæœłđıς]/g;

/** Accents are left out, as many people do when they type. */
function fold(term: string): string {
  if (!hasUnfolded.test(term)) return term;
  return term
    .normalize('NFD')
    .replace(marks, '')
    .normalize('NFC')
    .replace(otherLetters, (found) => letters[found]!);
}

const hasUnfolded = /[\u0080-\uffff]/;
