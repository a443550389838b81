// What tells a question whose answer stands in one passage from one that needs several, after one plain search.
import type { Hit } from '../../spec/store.ts';
import { contentWords, coverage, termsOf } from '../steps/content-words.ts';
import { namesInQuestion } from '../steps/names.ts';

/** Names of the features, in the order of the weights. */
export const featureNames = ['words', 'names', 'relations', 'covered', 'coveredByAll', 'cosine', 'lead'] as const;

/** Values of the features, each about 0–1. */
export type Features = Readonly<Record<(typeof featureNames)[number], number>>;

/** Words that hang one description on another. */
const relation =
  /\b(?:of|whose|where|which|that|who|whom|by|from|'s|des|der|dessen|deren|wo|qui|dont|où|que|cuyo|donde)\b|(?<=\p{L})['’]s\b/giu;

/** Features of a question and its passages, best first. */
export function featuresOf(question: string, hits: readonly Hit[]): Features {
  const asked = contentWords(question);
  const texts = hits.slice(0, 5).map(({ title, text }) => `${title}\n${text}`);
  const [first = 0, second = 0] = hits.map(({ score }) => score);
  return {
    words: Math.min(1, asked.length / 20),
    names: Math.min(1, namesInQuestion(question).length / 4),
    relations: Math.min(1, (question.slice(1).match(relation) ?? []).length / 6),
    covered: coverage(asked, termsOf(texts[0] ?? '')),
    coveredByAll: coverage(asked, termsOf(texts.join('\n'))),
    cosine: Math.max(0, ...hits.map(({ scores }) => scores.dense ?? 0)),
    lead: first - second,
  };
}
