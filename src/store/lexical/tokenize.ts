// Tokenizer: text into lower-case words, for every script.
import { codePointStart } from '../../util/characters.ts';

/** Cuts a run of a script without spaces into words. */
export type WordCutter = (run: string) => Iterable<string>;

/** Longer words are cut to this many UTF-16 code units. */
export const longestWord = 64;

// Kinds of characters; 0 is not known yet.
const separator = 1;
const letter = 2;
const unspacedLetter = 3;
const mark = 4;

const wordCharacter = /[\p{L}\p{M}\p{N}]/u;
const markCharacter = /\p{M}/u;
const unspacedCharacter = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;

/** Kinds of the characters met so far, by code unit. */
const kinds = new Uint8Array(0x10000);

/** The segmenter's time grows faster than its input, so it sees at most this many code units at once. */
const segmentedRun = 1_000;

/**
 * Words in order: runs of letters, marks and digits after Unicode normalization (NFKC), lower-cased; an apostrophe between two
 * letters is part of the word, a hyphen or underscore is not. Chinese, Japanese, Thai, Lao, Khmer and Burmese are cut by the
 * platform's dictionaries (UAX #29, Intl.Segmenter). A word's position is its place in this list.
 */
export function tokenize(text: string, cutWords: WordCutter = platformCutter()): string[] {
  const normal = normalize(text);
  const found: string[] = [];
  const { length } = normal;
  for (let at = 0; at < length; ) {
    const kind = kindAt(normal, at);
    if (kind === separator) {
      at++;
      continue;
    }
    const end = runEnd(normal, at, kind);
    if (kind !== unspacedLetter) found.push(shorten(normal.slice(at, end)));
    else for (const word of cutWords(normal.slice(at, end))) found.push(shorten(word));
    at = end;
  }
  return found;
}

/** Two characters a word, overlapping: for platforms without a segmenter. */
export function* bigrams(run: string): Generator<string> {
  const characters = [...run];
  if (characters.length < 2) yield run;
  for (let i = 1; i < characters.length; i++) yield characters[i - 1]! + characters[i]!;
}

function normalize(text: string): string {
  let normal = text.normalize('NFKC').toLowerCase();
  // A soft hyphen shows where a word may be broken. It is no part of the word.
  if (normal.includes('\u00ad')) normal = normal.replaceAll('\u00ad', '');
  // NFKC takes the Thai and Lao vowels "am" apart, and the dictionaries know them whole only.
  if (normal.includes('\u0e4d')) normal = normal.replaceAll('\u0e4d\u0e32', '\u0e33');
  if (normal.includes('\u0ecd')) normal = normal.replaceAll('\u0ecd\u0eb2', '\u0eb3');
  return normal;
}

function runEnd(text: string, start: number, kind: number): number {
  const unspaced = kind === unspacedLetter;
  let end = start + unitsAt(text, start);
  while (end < text.length) {
    const next = kindAt(text, end);
    if (next !== mark && (next === separator || (next === unspacedLetter) !== unspaced)) {
      const joins = !unspaced && isApostrophe(text.charCodeAt(end)) && isLetterAt(text, end + 1);
      if (!joins) break;
    }
    end += unitsAt(text, end);
  }
  return end;
}

function isApostrophe(unit: number): boolean {
  return unit === 0x27 || unit === 0x2019;
}

function isLetterAt(text: string, at: number): boolean {
  return at < text.length && kindAt(text, at) === letter;
}

function kindAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  const known = kinds[unit]!;
  if (known > 0) return known;
  const highSurrogate = unit >= 0xd800 && unit < 0xdc00;
  const kind = classify(String.fromCodePoint(text.codePointAt(at)!));
  // What a high surrogate begins depends on what follows.
  if (!highSurrogate) kinds[unit] = kind;
  return kind;
}

function classify(character: string): number {
  if (!wordCharacter.test(character)) return separator;
  if (unspacedCharacter.test(character)) return unspacedLetter;
  return markCharacter.test(character) ? mark : letter;
}

function unitsAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit < 0xdc00 && text.codePointAt(at)! > 0xffff ? 2 : 1;
}

function shorten(word: string): string {
  const short = word.length > longestWord ? word.slice(0, codePointStart(word, longestWord)) : word;
  return short.includes('\u2019') ? short.replaceAll('\u2019', "'") : short;
}

let platform: WordCutter | undefined;

function platformCutter(): WordCutter {
  platform ??= globalThis.Intl?.Segmenter ? dictionaryWords(new Intl.Segmenter('en', { granularity: 'word' })) : bigrams;
  return platform;
}

function dictionaryWords(segmenter: Intl.Segmenter): WordCutter {
  return function* (run) {
    for (let at = 0; at < run.length; ) {
      const end = codePointStart(run, at + segmentedRun);
      for (const { segment, isWordLike } of segmenter.segment(run.slice(at, end))) if (isWordLike) yield segment;
      at = end;
    }
  };
}
