// What kind of thing a question asks for, and whether a sentence names one: a person, a time, a number, a place.
import { words } from '../../util/text.ts';

/** What is asked for, where the question's words tell. */
export type AnswerKind = 'count' | 'time' | 'place' | 'person';

const kinds: readonly (readonly [AnswerKind, RegExp])[] = [
  [
    'count',
    /\b(?:how (?:many|much|long|old|far|big|tall|heavy|high|deep|fast|hot|cold|often)|what (?:number|percent\w*|age)|number of|wie ?(?:viele?|lange|alt|weit|gro[sß]s?|hoch|schwer|schnell))\b|多少|几|كم/u,
  ],
  [
    'time',
    /\b(?:when|(?:what|which) (?:time|year|day|date|month|century|season)|wann|welche[sn]? (?:jahr|tag|datum))\b|什么时候|何时|哪年|متى/u,
  ],
  [
    'place',
    /\b(?:where|(?:what|which) (?:place|city|country|state|county|continent|river|island)|wo|woher|wohin)\b|哪里|哪儿|أين/u,
  ],
  [
    'person',
    /\b(?:who|whom|whose|(?:what|which) (?:person|actor|actress|author|singer|band|team|president|king|queen)|name of|wer|wem|wen|wessen)\b|谁|من هو/u,
  ],
];

/** @returns undefined where the question does not tell */
export function answerKind(question: string): AnswerKind | undefined {
  const asked = question.toLowerCase();
  return kinds.find(([, pattern]) => pattern.test(asked))?.[0];
}

const numeral =
  /\p{N}|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million|billion|once|twice|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|hundert|tausend)\b|[二两三四五六七八九十百千万]/iu;
const date =
  /\b(?:1\d|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|century|Jahrhundert|spring|summer|autumn|fall|winter|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|\d\d?:\d\d|[年月日]/u;
/** Two words with capitals, or one that does not open the sentence. */
const name = /(?<=\S\s+["“(]?)\p{Lu}[\p{L}'’.-]*(?:\s+\p{Lu}[\p{L}'’.-]*)*|\p{Lu}[\p{L}'’.-]+(?:\s+\p{Lu}[\p{L}'’.-]*)+/gu;
const located = /\b(?:in|at|near|from|to|on|of|into|between|through|nach|aus|bei)\s+(?:the\s+)?\p{Lu}\p{L}+/u;

/** Whether a sentence names something of the kind that the question does not name itself. */
export function namesKind(kind: AnswerKind, sentence: string, question: ReadonlySet<string>): boolean {
  if (kind === 'time') return date.test(without(sentence, question));
  if (kind === 'count') return numeral.test(without(sentence, question));
  if (kind === 'place') return located.test(without(sentence, question));
  return newNames(sentence, question) > 0;
}

/** Names in a sentence with a word that the question has not. */
export function newNames(sentence: string, question: ReadonlySet<string>): number {
  return [...sentence.matchAll(name)].filter(([found]) => words(found).some((word) => word.length > 1 && !question.has(word)))
    .length;
}

/** The sentence without the words of the question that could be taken for an answer. */
function without(sentence: string, question: ReadonlySet<string>): string {
  return sentence.replace(/[\p{L}\p{N}]+/gu, (word) => (question.has(word.toLowerCase()) ? '' : word));
}
