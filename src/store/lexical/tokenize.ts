// Tokenizer: text into lower-case words, for every script.
import { codePointStart } from '../../util/characters.ts';

/** Cuts a run of a script without spaces into words: calls `found` with offsets in the run. */
export type WordCutter = (run: string, found: (start: number, end: number) => void) => void;

/** Words as ranges of one text. */
export interface Words {
  /** The text, normalized. */
  source: string;
  /** Start and end of each word; what lies behind the last is left over from before. */
  bounds: Uint32Array;
  count: number;
}

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

/** Kinds of the characters met so far, by code unit. High surrogates stay 0: their kind depends on what follows. */
const kinds = new Uint8Array(0x10000);

const apostrophe = 0x27;

/** The segmenter's time grows faster than its input, so it sees at most this many code units at once. */
const segmentedRun = 1_000;

/**
 * Finds the words of a text in order: runs of letters, marks and digits after Unicode normalization (NFKC), lower-cased; an
 * apostrophe between two letters is part of the word, a hyphen or underscore is not. Chinese, Japanese, Thai, Lao, Khmer and
 * Burmese are cut by the platform's dictionaries (UAX #29, Intl.Segmenter). A word's position is its place among the words.
 * @returns valid until the next call
 */
export function findWords(text: string, cutWords: WordCutter = platformCutter()): Words {
  const source = normalize(text);
  found.source = source;
  found.count = 0;
  const { length } = source;
  for (let at = 0; at < length; ) {
    const kind = kinds[source.charCodeAt(at)]! || kindAt(source, at);
    if (kind === separator) {
      at++;
      continue;
    }
    const end = runEnd(source, at, kind === unspacedLetter ? unspacedLetter : letter);
    if (kind !== unspacedLetter) addWord(at, end);
    else {
      const start = at;
      cutWords(source.slice(start, end), (from, to) => addWord(start + from, start + to));
    }
    at = end;
  }
  return found;
}

/** The words themselves. */
export function tokenize(text: string, cutWords?: WordCutter): string[] {
  const { source, bounds, count } = findWords(text, cutWords);
  return Array.from({ length: count }, (_, word) => source.slice(bounds[word * 2], bounds[word * 2 + 1]));
}

/** Two characters a word, overlapping: for platforms without a segmenter. */
export const bigrams: WordCutter = (run, found) => {
  const starts: number[] = [];
  for (let at = 0; at < run.length; at += unitsAt(run, at)) starts.push(at);
  if (starts.length === 1) found(0, run.length);
  for (let i = 1; i < starts.length; i++) found(starts[i - 1]!, starts[i + 1] ?? run.length);
};

const found: Words = { source: '', bounds: new Uint32Array(2048), count: 0 };

function addWord(start: number, end: number): void {
  const at = found.count * 2;
  if (at === found.bounds.length) {
    const larger = new Uint32Array(at * 2);
    larger.set(found.bounds);
    found.bounds = larger;
  }
  found.bounds[at] = start;
  found.bounds[at + 1] = end - start > longestWord ? codePointStart(found.source, start + longestWord) : end;
  found.count++;
}

function normalize(text: string): string {
  let normal = text.normalize('NFKC').toLowerCase();
  if (normal.includes('\u2019')) normal = normal.replaceAll('\u2019', "'");
  // A soft hyphen shows where a word may be broken. It is no part of the word.
  if (normal.includes('\u00ad')) normal = normal.replaceAll('\u00ad', '');
  // NFKC takes the Thai and Lao vowels "am" apart, and the dictionaries know them whole only.
  if (normal.includes('\u0e4d')) normal = normal.replaceAll('\u0e4d\u0e32', '\u0e33');
  if (normal.includes('\u0ecd')) normal = normal.replaceAll('\u0ecd\u0eb2', '\u0eb3');
  return normal;
}

/** @param kind of the run, `letter` or `unspacedLetter` */
function runEnd(source: string, start: number, kind: number): number {
  let at = start;
  while (at < source.length) {
    const unit = source.charCodeAt(at);
    const next = kinds[unit]! || kindAt(source, at);
    if (next === kind || next === mark) at += kinds[unit] ? 1 : unitsAt(source, at);
    else if (unit === apostrophe && kind === letter && kindAt(source, at + 1) === letter) at++;
    else break;
  }
  return at;
}

function kindAt(source: string, at: number): number {
  const point = source.codePointAt(at);
  if (point === undefined) return separator;
  const known = point < 0x10000 ? kinds[point]! : 0;
  if (known > 0) return known;
  const kind = classify(String.fromCodePoint(point));
  if (point < 0xd800 || (point > 0xdbff && point < 0x10000)) kinds[point] = kind;
  return kind;
}

function classify(character: string): number {
  if (!wordCharacter.test(character)) return separator;
  if (unspacedCharacter.test(character)) return unspacedLetter;
  return markCharacter.test(character) ? mark : letter;
}

function unitsAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

let platform: WordCutter | undefined;

function platformCutter(): WordCutter {
  platform ??= globalThis.Intl?.Segmenter ? dictionaryWords(new Intl.Segmenter('en', { granularity: 'word' })) : bigrams;
  return platform;
}

function dictionaryWords(segmenter: Intl.Segmenter): WordCutter {
  return (run, found) => {
    for (let at = 0; at < run.length; ) {
      const end = codePointStart(run, at + segmentedRun);
      for (const { segment, index, isWordLike } of segmenter.segment(run.slice(at, end))) {
        if (isWordLike) found(at + index, at + index + segment.length);
      }
      at = end;
    }
  };
}
