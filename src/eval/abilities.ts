// Cases that test single abilities, made from the questions and documents at hand (RGB, Chen et al., AAAI 2024, arXiv:2309.01431;
// counterfactual passages as in RECALL, arXiv:2311.08147).
import type { CallOptions } from '../spec/call.ts';
import type { TextSource } from '../spec/document.ts';
import type { Retriever } from '../spec/retriever.ts';
import { createRandom } from '../util/random.ts';
import { containsAnswer } from './answer-text.ts';
import type { AnswerCase, AnswerResult } from './evaluate-answers.ts';
import { sample, type TestCase, type TestSet } from './test-set.ts';

/**
 * `noise`: the right passage among four that do not help; `rejection`: only passages that do not help; `integration`: two questions in
 * one, each with its passage; `counterfactual`: the right passage beside a copy of it with another answer.
 */
export type Ability = 'noise' | 'rejection' | 'integration' | 'counterfactual';

/** A question, what it may see, and what would be right. */
export interface AbilityCase extends AnswerCase {
  ability: Ability;
  /** For each part of the question its right answers; an answer must have one of each. */
  parts: readonly (readonly string[])[];
  /** For `counterfactual`: what the changed copy says. */
  wrong?: string;
}

/** Cases, and the changed copies that must be in the collection for them. */
export interface Abilities {
  cases: AbilityCase[];
  documents: (TextSource & { id: string })[];
}

/** Options of {@link makeAbilities}. */
export interface MakeAbilitiesOptions extends CallOptions {
  /** Cases of each ability. @default 50 */
  n?: number;
  /** @default 1 */
  seed?: number;
  /** Field of the metadata with a document's id. @default 'id' */
  idField?: string;
}

/** Passages that do not help, beside those that do. */
const noise = 4;

/**
 * Makes cases from questions that have gold documents and short answers. What does not help is what a search finds for the question,
 * without the gold and without passages that hold an answer.
 */
export async function makeAbilities(
  { cases }: TestSet,
  retriever: Retriever,
  { n = 50, seed = 1, idField = 'id', signal }: MakeAbilitiesOptions = {},
): Promise<Abilities> {
  const random = createRandom(seed);
  const drawn = sample(
    cases.filter(({ answers, gold }) => answers?.length && gold.length > 0),
    2 * n,
    seed,
  );
  const only = (documents: readonly string[]) => ({ [idField]: { $in: [...new Set(documents)] } });
  const goldOf = ({ gold }: TestCase) => gold.map(({ document }) => document);
  const result: Abilities = { cases: [], documents: [] };
  for (const [i, item] of drawn.slice(0, n).entries()) {
    signal?.throwIfAborted();
    const { id, question, answers = [], gold } = item;
    const found = await retriever.search(question, { k: 20, filter: { [idField]: { $nin: goldOf(item) } }, signal });
    const others = [...new Set(found.filter(({ text }) => !containsAnswer(text, answers)).map(({ document }) => document))];
    const add = (ability: Ability, part: Partial<AbilityCase>) =>
      result.cases.push({ id: `${ability}/${id}`, ability, question, gold, parts: [answers], ...part });

    add('noise', { filter: only([...goldOf(item), ...others.slice(0, noise)]) });
    add('rejection', { filter: only(others.slice(0, noise + 1)) });

    const second = drawn[n + i];
    if (second) {
      add('integration', {
        question: `${bare(question)}, and ${bare(second.question)}?`,
        parts: [answers, second.answers ?? []],
        filter: only([...goldOf(item), ...goldOf(second), ...others.slice(0, noise / 2)]),
      });
    }

    const changed = await counterfactual(item, drawn, retriever, random);
    if (!changed) continue;
    const copy = `${changed.document} (changed)`;
    result.documents.push({ id: copy, title: changed.title, text: changed.text, metadata: { [idField]: copy } });
    add('counterfactual', { filter: only([...goldOf(item), copy]), wrong: changed.wrong });
  }
  return result;
}

const bare = (question: string) => question.trim().replace(/[?.\s]+$/, '');

/** The first gold document with its answer replaced by that of another question, of the same kind; undefined where it has none. */
async function counterfactual(item: TestCase, others: readonly TestCase[], retriever: Retriever, random: () => number) {
  const { document } = item.gold[0]!;
  const text = await retriever.text(document);
  const right = item.answers?.find((answer) => text.includes(answer));
  if (!right) return undefined;
  const isNumber = (answer: string) => /\d/.test(answer);
  const candidates = others
    .flatMap(({ answers = [] }) => answers.slice(0, 1))
    .filter(
      (answer) => isNumber(answer) === isNumber(right) && !containsAnswer(answer, [right]) && !containsAnswer(text, [answer]),
    );
  const wrong = candidates[Math.floor(random() * candidates.length)];
  return wrong === undefined ? undefined : { document, title: document, text: text.replaceAll(right, wrong), wrong };
}

/** Values of one answer by the case it was for, each 0 or 1: `right`; for `counterfactual` also `misled` (says what the copy says). */
export function rateAbility({ ability, parts, wrong }: AbilityCase, { answer, reason }: AnswerResult): Record<string, number> {
  const abstained = reason === 'abstained';
  if (ability === 'rejection') return { right: abstained ? 1 : 0 };
  const right = !abstained && parts.every((answers) => containsAnswer(answer, answers) === 1) ? 1 : 0;
  if (wrong === undefined) return { right };
  // Saying both is right: the sources contradict each other.
  return { right, misled: !abstained && right === 0 ? containsAnswer(answer, [wrong]) : 0 };
}
