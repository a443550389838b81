// `npm run eval -- retrieval`, in the page.
import { evaluateRetrieval } from '../../src/eval/evaluate-retrieval.ts';
import { type Row, summarize } from '../../src/eval/summarize.ts';
import { sample, type TestCase } from '../../src/eval/test-set.ts';
import { expandNames, openSubject } from './eval-subject.ts';

export interface RetrievalRun {
  /** Of the collection. */
  file: string;
  cases: readonly TestCase[];
  /** Questions drawn; all where there are fewer. */
  n?: number;
  seed: number;
  strategies: readonly string[];
  k: number;
}

export async function evalRetrieval({ file, strategies, k, ...run }: RetrievalRun): Promise<Row[]> {
  const cases = sample(run.cases, run.n ?? run.cases.length, run.seed);
  const rows: Row[] = [];
  for (const strategy of expandNames(strategies)) {
    const assistant = await openSubject(strategy, file);
    try {
      // The first question loads the model.
      await assistant.retrieve(cases[0]!.question, { k });
      const onProgress = ({ done, total }: { done: number; total: number }) =>
        window.inpageEmit?.({ type: 'progress', what: strategy, done, total });
      const results = await evaluateRetrieval(assistant, { name: file, cases }, { k, onProgress });
      rows.push(summarize(strategy, results));
    } finally {
      await assistant.close();
    }
  }
  return rows;
}
