// Analyzer: text to the terms that are indexed: words without stop words, stemmed by the rules of a language.
import { InpageError } from '../../util/errors.ts';
import { commonWords } from './common-words.ts';
import { type Language, type LanguageRules, loadLanguage } from './languages.ts';
import { findWords, longestWord, tokenize } from './tokenize.ts';
import { Vocabulary, WordTable } from './vocabulary.ts';

/** A text as it is indexed. */
export interface AnalyzedText {
  vocabulary: Vocabulary;
  /**
   * Two numbers a term: its number in the vocabulary, and its position, counted in words of the text, stop words included.
   * In order of position.
   */
  terms: Uint32Array;
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
}

/** Words remembered, and the terms that they become. */
interface Memory {
  vocabulary: Vocabulary;
  /** By language; {@link stopWord} or a number of the vocabulary. */
  words: Map<string, WordTable>;
}

const stopWord = -1;
const mostRemembered = 100_000;

/** Turns words into terms. Languages are loaded once; what uses them does not wait. */
export class Analyzer {
  readonly #rules = new Map<string, Rules>();
  #memory: Memory = { vocabulary: new Vocabulary(), words: new Map() };
  #terms = new Uint32Array(512);

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
    const table = this.#tableOf(language);
    const { vocabulary } = this.#memory;
    const { source, bounds, count } = findWords(text);
    if (this.#terms.length < count * 2) this.#terms = new Uint32Array(count * 4);
    const terms = this.#terms;
    let length = 0;
    for (let word = 0; word < count; word++) {
      const term = table.get(source, bounds[word * 2]!, bounds[word * 2 + 1]!);
      if (term === stopWord) continue;
      terms[length++] = term;
      terms[length++] = word;
    }
    return { vocabulary, terms: terms.slice(0, length) };
  }

  /** The term of one word of {@link tokenize}; '' for a stop word. */
  term(word: string, language: string): string {
    const number = this.#tableOf(language).get(word, 0, word.length);
    return number === stopWord ? '' : this.#memory.vocabulary.terms[number]!;
  }

  #tableOf(language: string): WordTable {
    const rules = this.#rules.get(language);
    if (!rules) throw new InpageError('invalid-argument', `The rules of the language "${language}" are not loaded. Call load().`);
    const known = this.#memory.words.get(language);
    if (known && known.size < mostRemembered) return known;
    // What was analysed before keeps the vocabulary that it was analysed with.
    if (known) this.#memory = { vocabulary: new Vocabulary(), words: new Map() };
    const { vocabulary, words } = this.#memory;
    const table = new WordTable((word) => {
      const term = makeTerm(word, rules);
      return term === '' ? stopWord : vocabulary.numberOf(term);
    });
    words.set(language, table);
    return table;
  }
}

function prepareRules(language: string, { stemmer, stopwords }: LanguageRules): Rules {
  const common = commonWords[language as Language] ?? '';
  return {
    stopwords: new Set([...stopwords, common].flatMap((word) => tokenize(word))),
    stemmer: stemmer ?? ((word) => word),
  };
}

function makeTerm(word: string, { stopwords, stemmer }: Rules): string {
  if (stopwords.has(word)) return '';
  const bare = word.includes("'") ? withoutApostrophes(word) : word;
  if (stopwords.has(bare)) return '';
  return copyOf(fold(stemmer(bare) || bare).slice(0, longestWord));
}

/** The same text; not as a part of a longer one, which it would keep in memory. */
function copyOf(text: string): string {
  return text.split('').join('');
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
