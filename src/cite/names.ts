// Names in a sentence, and which of them a text does not have.
import { words } from '../util/text.ts';

/** A word with a capital that does not open its sentence. */
const name = /(?<=[^\s.!?:"“([•*-]\s+["“(]?)\p{Lu}[\p{L}'’]+/gu;
/** Where every noun has a capital, it tells no name. */
const german = /\b(?:der|die|das|den|dem|und|ist|ein|eine|einen|nicht|mit|wird|sind)\b/;

/** Names that occur nowhere in the text, as they are written; none for a sentence in German. */
export function unknownNames(sentence: string, text: string): string[] {
  if (german.test(sentence)) return [];
  const found = [...sentence.matchAll(name)].map(([word]) => word);
  if (found.length === 0) return [];
  const known = new Set(words(text).map(bare));
  return found.filter((word) => !words(word).every((part) => known.has(bare(part))));
}

/** Without what a name may have behind it. */
function bare(word: string): string {
  return word.replace(/'s$|s$/, '');
}
