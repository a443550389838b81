// Language of a text, guessed from its script and its most common words.
import { commonWords } from './common-words.ts';
import type { Language } from './languages.ts';
import { tokenize } from './tokenize.ts';

/** Code units that are looked at. */
const sampleLength = 4_000;
/** At least this share of the words must be among a language's most common ones. */
const leastShare = 0.1;
/** At least this many words must speak for the best language and against the second. */
const leastLead = 2;

const languagesOf = new Map<string, Language[]>();
for (const [language, words] of Object.entries(commonWords) as [Language, string][]) {
  for (const word of words.split(' ')) languagesOf.set(word, [...(languagesOf.get(word) ?? []), language]);
}

// Scripts that tell the language; Japanese before Chinese, for it has Han characters too.
const scripts: readonly [Language, RegExp, least: number][] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 0.1],
  ['zh', /\p{Script=Han}/gu, 0.3],
  ['el', /\p{Script=Greek}/gu, 0.5],
  ['hy', /\p{Script=Armenian}/gu, 0.5],
  ['ta', /\p{Script=Tamil}/gu, 0.5],
];

/**
 * Guesses the language of a text from its first few thousand characters.
 * @returns `und` where it is not sure; a text of a few words rarely is
 */
export function guessLanguage(text: string): Language {
  const sample = text.slice(0, sampleLength);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return 'und';
  for (const [language, script, least] of scripts) {
    if ((sample.match(script)?.length ?? 0) >= least * letters) return language;
  }
  return guessByWords(tokenize(sample));
}

/**
 * The language that a document is indexed in: the guess, and English for Latin letters that tell nothing. A document of its own
 * language among others would keep the words that they leave out, and be found by these before all others.
 */
export function documentLanguage(text: string): Language {
  const guess = guessLanguage(text);
  return guess === 'und' && /\p{Script=Latin}/u.test(text.slice(0, sampleLength)) ? 'en' : guess;
}

function guessByWords(words: readonly string[]): Language {
  const counts = new Map<Language, number>();
  for (const word of words) {
    for (const language of languagesOf.get(word) ?? []) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  const [best, second] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!best || best[1] < leastShare * words.length) return 'und';
  if (!second) return best[1] >= leastLead ? best[0] : 'und';
  const shared = words.filter((word) => [best, second].every(([language]) => languagesOf.get(word)?.includes(language))).length;
  const [speakFor, speakAgainst] = [best[1] - shared, second[1] - shared];
  return speakFor >= leastLead && speakFor >= 2 * speakAgainst ? best[0] : 'und';
}
