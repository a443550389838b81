// Reads the words that say which element is meant: its label, its role, which one of several, its colour and size.
import type { Phrase } from './goal.ts';

/** Words for kinds of elements, and the roles that they may have. */
const kinds: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\b(?:check ?box(?:es)?|tick box(?:es)?)\b/gi, ['checkbox']],
  [/\bradio(?: ?buttons?| ?options?)?\b/gi, ['radio']],
  [/\b(?:drop ?down(?: list| menu)?|select list|combo ?box)\b/gi, ['combobox', 'listbox']],
  [
    /\b(?:text ?area|text ?box(?:es)?|text (?:input )?fields?|text inputs?|input (?:text)?(?:box(?:es)?|fields?)|(?:search|input) (?:box|bar)|fields?|inputs?)\b/gi,
    ['textbox', 'searchbox', 'spinbutton', 'combobox'],
  ],
  [/\bbuttons?\b/gi, ['button', 'clickable', 'image', 'link']],
  [/\bicons?\b/gi, ['image', 'button', 'clickable']],
  [/\blinks?\b/gi, ['link', 'clickable']],
  [/\btabs?\b/gi, ['tab', 'link', 'button']],
  [/\bslider\b/gi, ['slider', 'clickable']],
  [/\bparagraphs?\b/gi, ['text', 'paragraph']],
  [/\b(?:circles?|points?)\b/gi, ['circle']],
  [/\b(?:rectangles?|squares?|box(?:es)?)\b/gi, ['rectangle', 'shape', 'clickable']],
  [/\btriangles?\b/gi, ['triangle']],
  [/\b(?:sections?|panels?)\b/gi, ['tab', 'button', 'heading', 'clickable']],
];

const colors = 'red orange yellow green cyan aqua blue purple violet magenta pink brown black white gray grey'.split(' ');
const synonyms: Record<string, string> = { aqua: 'cyan', violet: 'purple', grey: 'gray' };

const ordinals: Record<string, number> = { first: 0, second: 1, third: 2, fourth: 3, fifth: 4, last: -1 };

const fillers =
  /\b(?:the|a|an|on|in|into|to|of|with|from|at|that|which|is|are|labell?ed|named|called|saying|says|below|above|following|please|then|and|for|by|using|your|my|it|this|these|all|any|both|item|element|option|one|colou?red|html|widget|cent(?:er|re)|middle|(?:larg|small|bigg)(?:er|est)|large|small|big)\b/gi;

/** Roles that a word or two stand for, as `checkbox` or `text field`; empty for words that are no kind of element. */
export function rolesOf(text: string): readonly string[] {
  const kind = kinds.find(([pattern]) => text.trim().replace(new RegExp(pattern.source, 'i'), '') === '');
  return kind?.[1] ?? [];
}

/** Reads a phrase. @param text part of an instruction */
export function readPhrase(text: string, within?: string): Phrase {
  const label = /["“”]([^"“”]+)["“”]/.exec(text)?.[1]?.trim();
  let rest = label === undefined ? text : text.replace(/["“”][^"“”]*["“”]/, ' ');
  const roles: string[] = [];
  const place = readPlace(rest);
  if (place !== undefined) rest = rest.replace(/\b\d+(?:st|nd|rd|th)\b|\b(?:first|second|third|fourth|fifth|last)\b/gi, ' ');
  for (const [pattern, meant] of kinds) {
    const without = rest.replace(pattern, ' ');
    if (without !== rest) roles.push(...meant.filter((role) => !roles.includes(role)));
    rest = without;
  }
  const color = colors.find((name) => new RegExp(`\\b${name}\\b`, 'i').test(rest));
  if (color) rest = rest.replace(new RegExp(`\\b${color}\\b`, 'i'), ' ');
  const size = /\b(?:large|big)(?:r|st|ger|gest)?\b/i.test(rest)
    ? 'large'
    : /\b(?:small(?:er|est)?|little)\b/i.test(rest)
      ? 'small'
      : undefined;
  const words = rest
    .replace(fillers, ' ')
    .replace(/[.,:;!?]+(?=\s|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return {
    text: text.replace(/["“”]/g, ' ').replace(/\s+/g, ' ').trim(),
    words,
    roles,
    ...(label !== undefined && { label }),
    ...(place !== undefined && { place }),
    ...(color && { color: synonyms[color] ?? color }),
    ...(size && { size }),
    ...(within && { within }),
  };
}

/** An ordinal in a text, from 0; −1 is the last. */
export function readPlace(text: string): number | undefined {
  const digits = /\b(\d+)(?:st|nd|rd|th)\b/i.exec(text)?.[1];
  if (digits) return Number(digits) - 1;
  const word = /\b(?:first|second|third|fourth|fifth|last)\b/i.exec(text)?.[0]?.toLowerCase();
  return word === undefined ? undefined : ordinals[word];
}
