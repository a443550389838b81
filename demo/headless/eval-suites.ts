// The suites of `npm run eval`, in the page: each strategy in turn over the same questions.
import { type AbilityCase, makeAbilities, rateAbility } from '../../src/eval/abilities.ts';
import { aucInterval } from '../../src/eval/auc.ts';
import { evaluateAbstention } from '../../src/eval/evaluate-abstention.ts';
import { evaluateAnswers } from '../../src/eval/evaluate-answers.ts';
import { type CaseResult, evaluateRetrieval } from '../../src/eval/evaluate-retrieval.ts';
import { embeddingJudge, llmJudge } from '../../src/eval/judge.ts';
import { type Row, summarize } from '../../src/eval/summarize.ts';
import { sample, type TestCase } from '../../src/eval/test-set.ts';
import type { ProgressOptions } from '../../src/index.ts';
import { type EvalCollection, type EvalSubject, expandNames, openSubject } from './eval-subject.ts';

export interface EvalRun extends EvalCollection {
  suite: keyof typeof suites;
  cases: readonly TestCase[];
  /** Questions drawn; all where there are fewer. */
  n?: number;
  seed: number;
  strategies: readonly string[];
  /** Passages asked for. */
  k?: number;
  /** Judges answers and passages too, for the suite of answers. */
  judge?: keyof typeof judges;
  /** What to compare with. @default the first strategy */
  baseline?: Baseline;
}

type Baseline = { strategy: string; results: readonly CaseResult[] };

const judges = {
  embedding: ({ embedder }: EvalSubject) => embeddingJudge({ embedder }),
  llm: ({ llm }: EvalSubject) => llmJudge(llm),
};

/** What a suite is given besides the assistant. */
interface Call extends ProgressOptions<{ done: number; total: number }> {
  cases: readonly TestCase[];
  k?: number;
  seed: number;
  judge?: keyof typeof judges;
}

/** What a suite gives: results by question, figures that are not means of questions, and what to tell besides. */
interface Outcome {
  results: CaseResult[];
  metrics?: Row['metrics'];
  counts?: Record<string, number>;
  examples?: unknown[];
}

const suites = {
  async retrieval({ assistant }, { cases, k = 10, onProgress }) {
    return { results: await evaluateRetrieval(assistant, { name: '', cases }, { k, onProgress }) };
  },

  async answers(subject, { cases, k, judge, onProgress }) {
    const judging = judge && { judge: judges[judge](subject), embedder: subject.embedder };
    const results = await evaluateAnswers(subject.assistant, cases, { k, onProgress, ...judging });
    const violations = results.flatMap((result) => result.violations);
    const examples = results.map(({ id, answer, reason, values, ms }) => ({
      id,
      answer,
      reason,
      contained: values.contained,
      ms,
    }));
    return { results, counts: { violations: violations.length }, examples };
  },

  async citations({ assistant }, { cases, k, onProgress }) {
    const results = await evaluateAnswers(assistant, cases, { k, onProgress });
    const sum = (of: (result: (typeof results)[number]) => number) => results.reduce((total, result) => total + of(result), 0);
    const counts = {
      answers: sum(({ reason }) => (reason === 'abstained' ? 0 : 1)),
      sentences: sum(({ sentences }) => sentences),
      supported: sum(({ supported }) => supported),
      violations: sum(({ violations }) => violations.length),
    };
    return {
      results,
      counts,
      examples: results.flatMap(({ id, violations }) => violations.map((violation) => ({ id, ...violation }))),
    };
  },

  async abilities({ assistant }, { cases, k, seed, onProgress }) {
    // Half of the questions are the second parts of others.
    const made = await makeAbilities({ name: '', cases }, assistant, { n: Math.ceil(cases.length / 2), seed });
    if (made.documents.length > 0) await assistant.add(made.documents);
    const results = await evaluateAnswers(assistant, made.cases, { k, onProgress });
    const rated = results.map((result, i) => {
      const item: AbilityCase = made.cases[i]!;
      const { right = 0, misled } = rateAbility(item, result);
      return { id: result.id, ms: result.ms, values: { [item.ability]: right, ...(misled !== undefined && { misled }) } };
    });
    return { results: rated };
  },

  async abstain({ assistant }, { cases, k, onProgress }) {
    const judged = await evaluateAbstention(assistant, cases, { k, onProgress });
    const scores = (which: 'with' | 'without') => judged.map(({ confidence }) => confidence[which]);
    const number = (value: boolean) => (value ? 1 : 0);
    const results = judged.map(({ id, ms, abstained }) => ({
      id,
      ms,
      values: { refused: number(abstained.with), rejected: number(abstained.without) },
    }));
    return { results, metrics: { auc: aucInterval(scores('with'), scores('without')) } };
  },
} satisfies Record<string, (subject: EvalSubject, call: Call) => Promise<Outcome>>;

/** A row, what each question gave, and what the suite tells besides. */
export type EvalRow = Row & Omit<Outcome, 'metrics'>;

/** What a baseline gave for some of its questions. */
function onlyOf({ strategy, results }: Baseline, cases: readonly TestCase[]): Baseline {
  const asked = new Set(cases.map(({ id }) => id));
  return { strategy, results: results.filter(({ id }) => asked.has(id)) };
}

/** Runs one suite; each strategy is compared with the baseline. */
export async function evalSuite({ suite, strategies, k, seed, judge, ...run }: EvalRun): Promise<EvalRow[]> {
  const cases = sample(run.cases, run.n ?? run.cases.length, seed);
  const rows: EvalRow[] = [];
  let baseline = run.baseline && onlyOf(run.baseline, cases);
  for (const strategy of expandNames(strategies)) {
    const subject = await openSubject(strategy, run);
    const { assistant, llm } = subject;
    try {
      // No question is to pay for loading what it needs.
      if (suite === 'retrieval') await assistant.search(cases[0]!.question);
      else await assistant.load();
      const onProgress = ({ done, total }: { done: number; total: number }) =>
        window.inpageEmit?.({ type: 'progress', what: strategy, done, total });
      const outcome: Outcome = await suites[suite](subject, { cases, k, seed, judge, onProgress });
      const { results, metrics, counts, examples } = outcome;
      const row = summarize(strategy, results, { tokens: llm.tokens, ...(baseline && { baseline }) });
      rows.push({
        ...row,
        metrics: { ...row.metrics, ...metrics },
        results: results.map(({ id, values, ms }) => ({ id, values, ms })),
        ...(counts && { counts }),
        ...(examples && { examples }),
      });
      baseline ??= { strategy, results };
    } finally {
      await assistant.close();
    }
  }
  return rows;
}
