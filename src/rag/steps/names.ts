// Names in a text, told by their capitals. Scripts without capitals have none.
import { evidence } from '../../cite/evidence.ts';
import { pronouns } from './pronouns.ts';

/** A word with a capital, an initial, or the short form of a title. */
const part = String.raw`(?:\p{Lu}\.|(?:Dr|St|Mr|Mrs|Ms|Jr|Prof)\.|\p{Lu}[\p{L}\p{M}\p{N}'’-]*)`;
/** Small words inside a name. */
const joint = '(?:of|the|de|la|le|du|des|del|di|da|van|von|der|den|zu)';
const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}])${part}(?:\s+(?:${joint}\s+)*${part})*`, 'gu');

/** Names in order, each once; a word with a capital that says nothing by itself, as at the start of a sentence, is left out. */
export function namesIn(text: string): string[] {
  const found = new Set<string>();
  for (const [span] of text.matchAll(pattern)) {
    const words = span.split(/\s+/);
    while (words.length > 0 && saysNothing(words[0]!)) words.shift();
    while (words.length > 0 && saysNothing(words.at(-1)!)) words.pop();
    const name = words.join(' ').replace(/(?:['’]s?|[.-])$/u, '');
    if (name.length > 1) found.add(name);
  }
  return [...found];
}

/** Names in a question, whose first word has its capital from its place. */
export function namesInQuestion(question: string): string[] {
  return namesIn(question.trim().replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase()));
}

/** A title without what tells it from others of its name: "Brand (play)". */
export function bareTitle(title: string): string {
  return title.replace(/\s*\([^)]*\)\s*$/u, '');
}

function saysNothing(word: string): boolean {
  // An initial, and the short form of a title, belong to a name.
  if (word.endsWith('.')) return false;
  const { terms, numbers } = evidence(word);
  return terms.size + numbers.size === 0 || pronouns.has(word.toLowerCase());
}
