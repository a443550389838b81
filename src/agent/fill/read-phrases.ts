// Phrases of a text that may be the value of a text argument: quotations, names, codes, formulas, and runs of content words.
import type { Mention } from './mention.ts';
import { askingWords, functionWords, readWords, type Word } from './words.ts';

const quotations =
  /(?<![\p{L}\p{N}])(?:'([^'\n]+(?:'(?=\p{L})[^'\n]+)*)'|"([^"\n]+)"|“([^”\n]+)”|‘([^’\n]+)’|`([^`\n]+)`)(?![\p{L}\p{N}])/gu;

/** Paths, addresses and the like. */
const codes =
  /(?<![\p{L}\p{N}])(?:\{\{[\w-]+\}\}|https?:\/\/[^\s'")]+|[A-Za-z]:[\\/][^\s'",)?]+|(?:\/[\w.-]+){2,}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[\w-]+\.(?:csv|txt|json|xlsx?|pdf|docx?|png|jpe?g|mp[34]|py|js))(?![\p{L}\p{N}])/gu;

/** `3x^2 + 2x - 1`, `f(x) = x^3`, `sin(x)`: letters, figures and operators with at least one power, call or sum. */
const formulas =
  /(?:\b[a-z]\s?(?:\([a-z]\))?\s?=\s?)?(?<formula>(?:[-−]?\d*\.?\d*\s?\*?\s?(?:\b|(?<=\d))(?:[a-z](?:\s?(?:\^|\*\*)\s?[-−]?[\d/.]+|[²³])?|(?:sin|cos|tan|exp|log|ln|sqrt)\([^()]*\))|\d+(?:\.\d+)?)(?:\s?[-−+*/]\s?(?:[-−]?\d*\.?\d*\s?\*?\s?[a-z](?:\s?(?:\^|\*\*)\s?[-−]?[\d/.]+|[²³])?|\d+(?:\.\d+)?(?![\p{L}])|(?:sin|cos|tan|exp|log|ln|sqrt)\([^()]*\)))*)(?![\p{L}\p{N}])/giu;

const connectors = new Set(['of', 'the', 'de', 'la', 'and', 'for', 'in', 'von', 'van', 'del', 'du', 'y', '&', 'vs', 'v']);
const mostWords = 5;

/** Phrases by their places; one place may be read in several ways. */
export function readPhrases(text: string): Mention[] {
  const words = readWords(text);
  const found = new Map<string, Mention>();
  const add = (form: NonNullable<Mention['form']>, start: number, end: number, value = text.slice(start, end)) => {
    const key = `${start} ${end}`;
    if (value.trim() && !found.has(key)) found.set(key, { kind: 'phrase', form, value, start, end });
  };
  for (const match of text.matchAll(quotations)) {
    // A quotation of the whole request is none.
    if (match[0].length > 0.8 * text.trim().length) continue;
    const value = match.slice(1).find((part) => part !== undefined)!;
    add('quoted', match.index + 1, match.index + 1 + value.length, value.replace(/[,.]$/, ''));
  }
  for (const match of text.matchAll(codes)) add('code', match.index, match.index + match[0].replace(/[.,]$/, '').length);
  for (const match of text.matchAll(formulas)) {
    const formula = match.groups!.formula!.trim();
    if (!isFormula(formula)) continue;
    const start = match.index + match[0].indexOf(formula);
    add('formula', start, start + formula.length);
  }
  for (const [first, last] of names(text, words)) add('name', words[first]!.start, wordEnd(text, words[last]!));
  for (const word of words)
    if (/\d/.test(word.text) && /\p{L}/u.test(word.text) && !/^\d+(?:st|nd|rd|th|kg|km|cm|mm|m|g|s|h)$/.test(word.lower))
      add('code', word.start, word.end);
  for (const [first, last] of runs(text, words)) add('plain', words[first]!.start, words[last]!.end);
  return [...found.values()].sort((a, b) => a.start - b.start || b.end - a.end);
}

function isFormula(formula: string): boolean {
  if (!/[a-z]/i.test(formula)) return false;
  return (
    /[\^²³]|\*\*|\w\s?[-−+*/]\s?\w|\d[a-z]\b|\b(?:sin|cos|tan|exp|log|ln|sqrt)\(/i.test(formula) &&
    !/^[a-z]+[-/][a-z]+$/i.test(formula)
  );
}

/** Names: capitalised words in a row, with small words between; each of their beginnings and ends besides. */
function* names(text: string, words: readonly Word[]): Generator<[first: number, last: number]> {
  const starts = (i: number) => /^[\p{Lu}\p{N}]/u.test(words[i]!.text) && !opening(text, words, i);
  for (let i = 0; i < words.length; i++) {
    if (!/^\p{Lu}/u.test(words[i]!.text) || opening(text, words, i)) continue;
    let last = i;
    for (let j = i + 1; j < words.length && j < i + 10; j++) {
      const between = text.slice(words[j - 1]!.end, words[j]!.start);
      if (!/^(?: |\. |, ?| & |\.,? |: )$/.test(between)) break;
      if (starts(j) || (/^\p{N}/u.test(words[j]!.text) && between === ' ')) {
        last = j;
        yield [i, last];
      } else if (!connectors.has(words[j]!.lower) || between !== ' ') break;
    }
    yield [i, i];
    // An article may belong to the name.
    if (i > 0 && words[i - 1]!.text === 'The') yield [i - 1, last];
    for (let k = i + 1; k <= last; k++) if (starts(k)) yield [k, last];
    i = last;
  }
}

/** Whether a word is capitalised for opening a sentence. */
function opening(text: string, words: readonly Word[], i: number): boolean {
  const { lower, start } = words[i]!;
  return (
    (functionWords.has(lower) || askingWords.has(lower)) &&
    (i === 0 || /[.!?"“:]\s*$/.test(text.slice(0, start)) || functionWords.has(lower))
  );
}

/** Runs of content words and parts of them, a hyphen or space between. */
function* runs(text: string, words: readonly Word[]): Generator<[first: number, last: number]> {
  const content = (i: number) => !functionWords.has(words[i]!.lower) && !(i === 0 && askingWords.has(words[i]!.lower));
  for (let i = 0; i < words.length; i++) {
    if (!content(i)) continue;
    for (let j = i; j < words.length && j < i + mostWords; j++) {
      if (j > i && !/^[ -]$/.test(text.slice(words[j - 1]!.end, words[j]!.start))) break;
      if (content(j)) yield [i, j];
      else if (words[j]!.lower !== 'of') break;
    }
  }
}

/** With the point of an abbreviation: `Inc.`, `D.C.`. */
function wordEnd(text: string, { text: word, end }: Word): number {
  const abbreviation = /^(?:Inc|Corp|Ltd|Co|Jr|Sr|LLC)$/.test(word) || /^(?:\p{Lu}\.)+\p{Lu}$/u.test(word);
  return abbreviation && text[end] === '.' && end + 1 < text.length ? end + 1 : end;
}

/** Phrases that are strung together with commas, "and", "or": each chain of two or more. */
export function readPhraseLists(text: string, phrases: readonly Mention[]): Mention[] {
  const found = new Map<string, Mention>();
  const joint =
    /^['"”’]?\s*(?:,\s*(?:and\s+|or\s+|as well as\s+)?|\s(?:and|or|&|as well as|and also|also)\s)(?:the\s+|an?\s+|also\s+|for\s+|with\s+)?['"“‘]?$/;
  const ends = new Map<number, Mention[]>();
  for (const phrase of phrases) ends.set(phrase.start, [...(ends.get(phrase.start) ?? []), phrase]);
  // Maximal parts: what reaches furthest from where it begins.
  const longest = [...ends.values()].map((each) => each.reduce((a, b) => (b.end > a.end ? b : a)));
  const next = (part: Mention) =>
    longest.find(({ start }) => start > part.end && start < part.end + 24 && joint.test(text.slice(part.end, start)));
  for (const first of phrases) {
    const parts = [first];
    for (let part = next(first); part && parts.length < 12; part = next(part)) parts.push(part);
    if (parts.length < 2) continue;
    const [start, end] = [first.start, parts.at(-1)!.end];
    const key = `${start} ${end}`;
    if (!found.has(key)) {
      found.set(key, {
        kind: 'phrases',
        value: parts.map(({ value }) => value as string),
        start,
        end,
        ...(first.form && { form: first.form }),
      });
    }
  }
  // A list in brackets.
  for (const match of text.matchAll(/[[(]([^[\](){}]*\p{L}[^[\](){}]*)[\])]/gu)) {
    const parts = match[1]!.split(/\s*,\s*/).map((part) => part.replace(/^['"]|['"]$/g, ''));
    if (parts.length > 1)
      found.set(`${match.index}`, {
        kind: 'phrases',
        value: parts,
        start: match.index,
        end: match.index + match[0].length,
        form: 'quoted',
      });
  }
  return [...found.values()];
}
