// The page that measures: documents, questions and strategies in, bars with intervals out.
import type { Row, TestSet } from '../src/eval/index.ts';
import { isAbort, strategyNames } from '../src/index.ts';
import { byId, h } from './ui/dom.ts';
import { evalChart } from './ui/eval-chart.ts';
import { addSample, type RunProgress, runEvaluation, withDocuments } from './ui/eval-run.ts';
import { evalTable } from './ui/eval-table.ts';
import { plural } from './ui/format.ts';
import { startTheme } from './ui/theme.ts';

const measures = ['recall@1', 'recall@3', 'recall@5', 'mrr@10', 'ndcg@10', 'map'];

const start = byId<HTMLButtonElement>('start');
const cancel = byId<HTMLButtonElement>('cancel');
const measure = byId<HTMLSelectElement>('measure');
const sampleButton = byId<HTMLButtonElement>('sample');
const files = byId<HTMLInputElement>('file');

let own: TestSet | undefined;
let last: { testSet: TestSet; rows: Row[] } | undefined;
let running: AbortController | undefined;

function showProgress({ doing, done }: RunProgress): void {
  byId('doing').textContent = doing;
  byId<HTMLProgressElement>('bar').value = done;
}

/** Runs one task at a time; what goes wrong is shown. */
async function work(task: (signal: AbortSignal) => Promise<void>): Promise<void> {
  running = new AbortController();
  start.disabled = sampleButton.disabled = true;
  cancel.hidden = byId('progress').hidden = false;
  byId('problem').hidden = true;
  try {
    await task(running.signal);
  } catch (error) {
    if (!isAbort(error)) {
      byId('problem').textContent = error instanceof Error ? error.message : String(error);
      byId('problem').hidden = false;
    }
  } finally {
    running = undefined;
    cancel.hidden = byId('progress').hidden = true;
    sampleButton.disabled = false;
    await showDocuments();
  }
}

async function showDocuments(): Promise<void> {
  const { documents, chunks } = await withDocuments(async (assistant) => (await assistant.stats()).store);
  byId('documents').textContent =
    documents > 0 ? `${plural(documents, 'document')} of the demo, ${plural(chunks, 'passage')}.` : 'There are none yet.';
  sampleButton.hidden = documents > 0;
  start.disabled = documents === 0;
}

function showResults(): void {
  if (!last) return;
  byId('chart').replaceChildren(evalChart(last.rows, measure.value));
  byId('table').replaceChildren(evalTable(last.rows, measure.value));
}

/** @throws Error that says what is missing */
function asTestSet(value: unknown): TestSet {
  const { name = 'of one’s own', cases } = (value ?? {}) as Partial<TestSet>;
  const whole = Array.isArray(cases) && cases.length > 0;
  if (!whole || !cases.every(({ id, question, gold }) => id && question && Array.isArray(gold) && gold.length > 0)) {
    throw new Error('The file is no test set: "cases" must be a list, each with "id", "question" and "gold".');
  }
  return { name, cases };
}

async function take(file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    own = asTestSet(JSON.parse(await file.text()));
    byId('chosen').textContent = `${file.name}: ${plural(own.cases.length, 'question')}.`;
  } catch (error) {
    own = undefined;
    byId('chosen').textContent = error instanceof Error ? error.message : String(error);
  }
}

function save(): void {
  if (!last) return;
  const { testSet, rows } = last;
  const text = JSON.stringify({ suite: 'retrieval', dataset: testSet.name, rows, testSet }, null, 2);
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  h('a', { href: url, download: 'evaluation.json' }).click();
  URL.revokeObjectURL(url);
}

startTheme();
measure.append(...measures.map((name) => h('option', { value: name, selected: name === 'recall@1' }, name)));
const names = ['naive', ...strategyNames.filter((name) => name !== 'naive')];
const choice = (name: string) =>
  h(
    'label',
    { class: 'choice' },
    h('input', { type: 'checkbox', name: 'strategy', value: name, checked: name === 'naive' }),
    name,
  );
byId('strategies').append(...names.map(choice));
measure.addEventListener('change', showResults);
cancel.addEventListener('click', () => running?.abort());
byId('save').addEventListener('click', save);
files.addEventListener('change', () => void take(files.files?.[0]));
sampleButton.addEventListener('click', () => void work((signal) => addSample(showProgress, signal)));
document.body.addEventListener('dragover', (event) => event.preventDefault());
document.body.addEventListener('drop', (event) => {
  event.preventDefault();
  void take(event.dataTransfer?.files[0]);
});
byId<HTMLFormElement>('run').addEventListener('submit', (event) => {
  event.preventDefault();
  const strategies = new FormData(event.currentTarget as HTMLFormElement).getAll('strategy').map(String);
  if (strategies.length === 0) return;
  void work(async (signal) => {
    const questions = own ?? byId<HTMLInputElement>('count').valueAsNumber;
    last = await runEvaluation({ strategies, questions, signal, onProgress: showProgress });
    showResults();
    byId('results').hidden = false;
    byId('results-title').focus();
  });
});
void showDocuments();
