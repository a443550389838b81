// Names in a text, without a language model: capitalised words that belong together, and words of scripts that have no capitals.
import { words } from '../util/text.ts';

/** Words that begin sentences and questions but name nothing, and such as join two parts of a name. */
const common = new Set(
  (
    'a an the of in on at to for from by with and or nor but is are was were be been being has have had do does did who whom whose ' +
    'what which when where why how many much that this these those it its he she his her him they their them as than then there into ' +
    'over under about between during after before also not no yes can could will would may might must shall should i you we us our my ' +
    'your me one two three first second last if so such same other another more most some any all each both few own only very just ' +
    'while although though because since until however despite upon through within without against among along across behind ' +
    'der die das den dem des ein eine einer eines einem und oder aber ist sind war waren wird werden hat haben wer wen wem wessen was ' +
    'wann wo warum wie viel viele dass dies diese dieser dieses er sie es wir ihr ich nicht kein keine mit von zu zum zur im am auf ' +
    'le la les un une est sont qui que quoi quel quelle dans pour par sur el los las una es son quién qué cuál en con por para'
  ).split(' '),
);

const start = String.raw`(?:\p{Lu}\.|(?:Dr|St|Mr|Mrs|Jr)\.|\p{Lu}[\p{L}\p{M}\p{N}'’-]*)`;
const namePattern = new RegExp(
  `${start}(?:[ \\t]+(?:(?:of|the|de|la|le|del|von|van|der|den|du|da|di|dos|bin|ibn|al|and|&)[ \\t]+){0,2}${start})*`,
  'gu',
);
/** Letters of scripts without capitals, which tell no name from another word. */
const uncased = /[\p{Lo}]{2,}/gu;
/** Words of a name, at most; longer runs of capitalised words are headlines. */
export const mostWords = 8;
const mostNames = 200;

/** A name as it is compared: lower case, without accents, possessive and punctuation; '' for a word that names nothing. */
export function nameKey(name: string): string {
  const parts = nameWords(name);
  while (parts.length > 0 && common.has(parts[0]!)) parts.shift();
  while (parts.length > 0 && common.has(parts.at(-1)!)) parts.pop();
  const key = parts.join(' ');
  return key.length > 1 && parts.length <= mostWords ? key : '';
}

/** Words as names are compared by: lower case, without accents and possessive. */
export function nameWords(text: string): string[] {
  return words(text.normalize('NFKD').replace(/\p{Mn}/gu, '')).map((word) => word.replace(/'s?$/, ''));
}

/** Keys of the names in a text, each once, in their order; 200 at most. */
export function namesIn(text: string): string[] {
  const found = new Set<string>();
  const take = (name: string) => {
    const key = nameKey(name);
    if (key && found.size < mostNames) found.add(key);
  };
  for (const [name] of text.matchAll(namePattern)) take(name);
  for (const [run] of text.matchAll(uncased)) for (const word of words(run)) if (word.length > 1) take(word);
  return [...found];
}

/** A title as a name: what stands in brackets after it tells it from others. */
export function titleKey(title: string): string {
  return nameKey(title.replace(/\s*[([（].*$/u, ''));
}
