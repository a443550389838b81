// Measures strategies over the documents of the demo, one assistant after the other.
import { type CaseResult, evaluateRetrieval, makeTestSet, type Row, summarize, type TestSet } from '../../src/eval/index.ts';
import { type Assistant, createAssistant } from '../../src/index.ts';
import { modelBase } from './assistant.ts';
import { consentQueue } from './consent.ts';
import { sampleSources } from './sample.ts';

/** How far a run is. */
export interface RunProgress {
  doing: string;
  /** 0–1 */
  done: number;
}

export interface RunSettings {
  strategies: readonly string[];
  /** Of one's own, or how many questions are made. */
  questions: TestSet | number;
  signal: AbortSignal;
  onProgress: (progress: RunProgress) => void;
}

const confirmDownload = consentQueue();

/** The demo's collection. */
function open(strategy?: string): Promise<Assistant> {
  return createAssistant({ name: 'inpage-demo', preload: false, models: { base: modelBase }, confirmDownload, strategy });
}

/** Uses the demo's collection for a moment. */
export async function withDocuments<T>(use: (assistant: Assistant) => Promise<T>): Promise<T> {
  const assistant = await open();
  try {
    return await use(assistant);
  } finally {
    await assistant.close();
  }
}

/** Adds the sample. */
export async function addSample(onProgress: (progress: RunProgress) => void, signal: AbortSignal): Promise<void> {
  const sources = await sampleSources();
  await withDocuments((assistant) =>
    assistant.add(sources, {
      signal,
      onProgress: ({ sourcesDone, sourcesTotal }) =>
        onProgress({ doing: 'Reading the documents', done: sourcesDone / sourcesTotal }),
    }),
  );
}

/** Asks all questions of each strategy; each is compared with the first. @returns rows, in the order of the strategies */
export async function runEvaluation({
  strategies,
  questions,
  signal,
  onProgress,
}: RunSettings): Promise<{ testSet: TestSet; rows: Row[] }> {
  const testSet =
    typeof questions === 'number'
      ? await withDocuments((assistant) => makeTestSet(assistant, { n: questions, signal }))
      : questions;
  const rows: Row[] = [];
  let baseline: { strategy: string; results: CaseResult[] } | undefined;
  for (const [i, strategy] of strategies.entries()) {
    const assistant = await open(strategy);
    try {
      onProgress({ doing: `${strategy}: getting ready`, done: i / strategies.length });
      await assistant.search(testSet.cases[0]!.question, { signal });
      const results = await evaluateRetrieval(assistant, testSet, {
        signal,
        onProgress: ({ done, total }) =>
          onProgress({ doing: `${strategy}: question ${done} of ${total}`, done: (i + done / total) / strategies.length }),
      });
      rows.push(summarize(strategy, results, { ...(baseline && { baseline }) }));
      baseline ??= { strategy, results };
    } finally {
      await assistant.close();
    }
  }
  return { testSet, rows };
}
