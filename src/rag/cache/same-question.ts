// Whether two questions that are near in meaning ask for the same thing. Vectors can't tell: to them "before the update" and
// "after the update" are nearer than most paraphrases. In doubt the answer is no.
import { type Evidence, evidence } from '../../cite/evidence.ts';
import { words } from '../../util/text.ts';

/** What is asked for, by the words that ask; the first that is there counts. */
const kinds: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['count', /\b(?:how many|number of|wie ?viele)\b/u],
  ['time', /\b(?:when|(?:what|which) (?:time|year|day|date|month)|wann)\b/u],
  ['duration', /\b(?:how long|wie lange)\b/u],
  ['place', /\b(?:where|(?:what|which) (?:place|city|country)|wo)\b/u],
  ['person', /\b(?:who|whom|whose|(?:what|which) (?:person|actor|actress|team|author)|wer|wem|wen)\b/u],
  ['reason', /\b(?:why|what is the reason|warum|wieso|weshalb)\b/u],
];

/** Content words that a question may have more or less of without asking anything else. */
const neutral = new Set(
  (
    'please tell find get possible way step steps kind reason number many much meaning mean person actor actress author team city ' +
    'country year time date day use used bitte'
  ).split(' '),
);

/** Small words that turn a question around. */
const opposites = (
  'before/after with/without to/from from/to on/off in/out up/down more/less more/fewer over/under above/below first/last left/right ' +
  'online/offline his/her same/other vor/nach mit/ohne mehr/weniger'
)
  .split(' ')
  .map((pair) => pair.split('/') as [string, string]);

/** Whether an answer to one question is one to the other: the same numbers, names and negation, and no word changed for another. */
export function sameQuestion(one: string, other: string): boolean {
  const [a, b] = [askedBy(one), askedBy(other)];
  if (a.negated !== b.negated || !sameSet(a.numbers, b.numbers)) return false;
  if (a.kind && b.kind && a.kind !== b.kind) return false;
  if (a.names.some((name) => !b.words.has(name)) || b.names.some((name) => !a.words.has(name))) return false;
  for (const [x, y] of opposites) {
    const turned = (p: Asked, q: Asked) => p.words.has(x) && !p.words.has(y) && q.words.has(y) && !q.words.has(x);
    if (turned(a, b) || turned(b, a)) return false;
  }
  const onlyIn = (p: Asked, q: Asked) => p.frame.filter((word) => !q.frame.includes(word));
  const [less, more] = [onlyIn(a, b), onlyIn(b, a)];
  // A word more narrows the question, a word in the place of another changes it; a paraphrase moves its words around.
  if (less.length === 0 || more.length === 0) return less.length === more.length;
  if (a.frame.length === b.frame.length && a.frame.some((word, place) => word === b.frame[place])) return false;
  // Most of the shorter one must be in the longer one, or they only have their subject in common.
  return 2 * (a.frame.length - less.length) > Math.min(a.frame.length, b.frame.length);
}

interface Asked extends Evidence {
  /** What is asked for: a person, a time and so on, where that can be told. */
  kind: string | undefined;
  words: ReadonlySet<string>;
  names: readonly string[];
  /** Its content words, in order. */
  frame: readonly string[];
}

function askedBy(question: string): Asked {
  return {
    ...evidence(question),
    kind: kinds.find(([, pattern]) => pattern.test(question.toLowerCase()))?.[0],
    words: new Set(words(question)),
    names: namesOf(question),
    frame: frameOf(question),
  };
}

/** Words with a capital that does not come from the start of a sentence. */
function namesOf(question: string): string[] {
  const found = question.matchAll(/(?<![.!?:]\s*|^\s*)(?<!\p{L})\p{Lu}[\p{L}\p{N}]*/gu);
  return [...found].map(([name]) => name.toLowerCase()).filter((name) => name !== 'i');
}

function frameOf(question: string): string[] {
  return words(question).flatMap((word) => {
    if (neutral.has(word) || word === 'a' || word === 'i') return [];
    // A single letter is the name of something.
    if (word.length === 1) return [word];
    const { terms, numbers } = evidence(word);
    return [...terms, ...numbers];
  });
}

function sameSet<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
