// Finds the element that a phrase means: by its label, role, colour, size and place, by the row it stands in, and where words differ
// by the closeness of their meaning.
import type { Embedder } from '../../spec/embedder.ts';
import type { PageElement } from '../../spec/page-view.ts';
import type { Phrase } from './goal.ts';

/** An element and how well it fits, about 0–2. */
export interface Ranked {
  element: PageElement;
  score: number;
  /** How alike its name is to the words, 0–1. */
  likeness: number;
}

/** Roles that text is typed into. */
export const fieldRoles: readonly string[] = ['textbox', 'searchbox', 'spinbutton', 'combobox'];

/** Whether text can be typed into an element now. */
export const isField = ({ role, options, states = [] }: PageElement) =>
  fieldRoles.includes(role) && !options && !states.includes('disabled') && !states.includes('readonly');

/** Names that differ only in case, spaces and punctuation at their ends are the same. */
export const plainName = (text: string) =>
  text
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[\s.,:;!?"'*]+|[\s.,:;!?"'*]+$/g, '');

const wordsOf = (text: string) =>
  plainName(text)
    .split(/[^\p{L}\p{N}#@$%-]+/u)
    .filter(Boolean);

/** How alike a name and some words are, 0–1: the same, contained, or sharing words. */
export function likeness(name: string, wanted: string): number {
  if (!name || !wanted) return 0;
  if (name === wanted) return 1;
  const [own, other] = [plainName(name), plainName(wanted)];
  if (!own || !other) return 0;
  if (own === other) return 0.97;
  const [ownWords, otherWords] = [new Set(wordsOf(own)), new Set(wordsOf(other))];
  const shared = [...otherWords].filter(
    (word) => ownWords.has(word) || [...ownWords].some((owned) => sameStem(owned, word)),
  ).length;
  const whole = shared === otherWords.size ? 0.75 : shared === ownWords.size ? 0.65 : 0;
  return Math.max(
    whole - 0.1 * (1 - Math.min(ownWords.size, otherWords.size) / Math.max(ownWords.size, otherWords.size)),
    (0.5 * shared) / Math.max(1, otherWords.size),
  );
}

/** Words with the same beginning of at least four letters that covers most of the shorter one. */
function sameStem(first: string, second: string): boolean {
  let length = 0;
  while (length < first.length && first[length] === second[length]) length++;
  return length >= 4 && length >= Math.min(first.length, second.length) - 2;
}

/** Ranks the elements by how well they fit a phrase, best first; of equals, the first in the page. */
export function rank(phrase: Phrase, elements: readonly PageElement[]): Ranked[] {
  const scored = elements
    .filter((element) => !phrase.color || element.color === phrase.color || (phrase.label ?? phrase.words) !== '')
    .map((element) => ({ element, ...scoreOf(phrase, element) }));
  const best = scored.toSorted((first, second) => second.score - first.score);
  if (phrase.place === undefined && !phrase.size) return best;
  const top = best[0]?.score ?? 0;
  const alike = scored.filter(({ score }) => score > top - 0.15);
  const area = ({ element: { box } }: Ranked) => box.width * box.height;
  const ordered = phrase.size
    ? alike.toSorted((first, second) => (phrase.size === 'large' ? area(second) - area(first) : area(first) - area(second)))
    : alike;
  const chosen = ordered.at(phrase.place ?? 0);
  return chosen ? [{ ...chosen, score: chosen.score + 0.5 }, ...best.filter((other) => other !== chosen)] : best;
}

function scoreOf(phrase: Phrase, element: PageElement): Omit<Ranked, 'element'> {
  const { role, name, within = '', interactive, color, states = [] } = element;
  const label =
    phrase.label !== undefined
      ? likeness(name, phrase.label) || (phrase.label === 'x' && /^close\b/i.test(name) ? 0.9 : 0)
      : Math.max(likeness(name, phrase.words), likeness(name, phrase.text));
  const fits = phrase.roles.includes(role) ? 0.35 : phrase.roles.length > 0 ? -0.35 : 0;
  const row = phrase.within ? (mentions(within, phrase.within) ? 0.6 : within ? -0.4 : 0) : 0;
  const tint = phrase.color ? (color === phrase.color ? 0.5 : -0.3) : 0;
  const score = label + fits + row + tint + (interactive ? 0.15 : 0) - (states.includes('disabled') ? 0.2 : 0);
  return { score, likeness: label };
}

/** Whether a text has a name in it, as a whole word. */
export function mentions(text: string, name: string): boolean {
  const at = text.toLowerCase().indexOf(name.toLowerCase());
  if (at < 0) return false;
  const isWord = (letter: string | undefined) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
  return !isWord(text[at - 1]) && !isWord(text[at + name.length]);
}

/** How close the meanings of some texts are to that of one, −1–1, in their order. */
export async function closeness(
  embedder: Embedder,
  wanted: string,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<number[]> {
  const { data, dimension } = await embedder.embed([wanted, ...texts], { kind: 'query', signal });
  return texts.map((_text, index) => {
    let sum = 0;
    for (let at = 0; at < dimension; at++) sum += data[at]! * data[(index + 1) * dimension + at]!;
    return sum;
  });
}
