// The page with an agent: a task in, its plan, its steps and its questions out; the page beside it changes under the reader's eyes.
import { page } from '../src/agent/index.ts';
import { createAssistant, isAbort } from '../src/index.ts';
import { domTools } from '../src/tool/index.ts';
import { Approvals } from './ui/agent-approval.ts';
import { stepItem, tellCall } from './ui/agent-steps.ts';
import { startWorkplace } from './ui/agent-workplace.ts';
import { modelBase } from './ui/assistant.ts';
import { consentQueue } from './ui/consent.ts';
import { byId, h } from './ui/dom.ts';
import { startTheme } from './ui/theme.ts';
import { startPlayground } from './ui/tool-playground.ts';

const examples: readonly (readonly [name: string, task: string])[] = [
  [
    'Book a room',
    'Enter "Ada Lovelace" into the name field, set the arrival to 2026-03-09, type "2" into the guests field, choose Double room from ' +
      'the room list, check Late arrival and click the "Book" button.',
  ],
  ['In one sentence', 'I need the lamp room from March 9, 2026 for three guests with breakfast, my name is Grace Hopper.'],
  ['Note a task', 'Type "Buy lantern oil" into the new task field, click the "Add" button and check Buy lantern oil.'],
];

/** Between two changes, so that they can be followed. In ms. */
const pace = 350;

const start = byId<HTMLButtonElement>('start');
const stop = byId<HTMLButtonElement>('stop');
const task = byId<HTMLTextAreaElement>('task');
const tools = domTools({ root: byId('workplace') });
const assistant = createAssistant({
  name: 'inpage-demo',
  preload: false,
  models: { base: modelBase },
  confirmDownload: consentQueue(),
});
let running: AbortController | undefined;

async function work(): Promise<void> {
  const controller = new AbortController();
  running = controller;
  const { signal } = controller;
  const approvals = new Approvals(byId<HTMLInputElement>('ask').checked, signal);
  start.disabled = true;
  stop.disabled = false;
  byId('steps').replaceChildren();
  byId('result').textContent = '';
  try {
    const approve = (call: Parameters<typeof tellCall>[0]) => approvals.ask(tellCall(call));
    for await (const step of (await assistant).run(task.value, { tools, pattern: page(), maxSteps: 60, approve, signal })) {
      const item = stepItem(step);
      if (item) byId('steps').append(item);
      if (step.type === 'done') byId('result').textContent = tellEnd(step);
      if (step.type === 'result' && step.call.tool !== 'read_page') await new Promise((resolve) => setTimeout(resolve, pace));
    }
  } catch (error) {
    byId('result').textContent = isAbort(error) ? 'Stopped.' : error instanceof Error ? error.message : String(error);
  } finally {
    running = undefined;
    start.disabled = false;
    stop.disabled = true;
  }
}

function tellEnd({ reason, answer, detail }: { reason: string; answer: string; detail?: string }): string {
  if (reason === 'finished') return answer;
  return reason === 'refused' ? 'It stopped: you said no.' : `It gave up${detail ? `: ${detail}` : '.'}`;
}

startTheme();
startWorkplace();
startPlayground(tools);
task.value = examples[0]![1];
byId('examples').append(
  ...examples.map(([name, text]) => h('button', { type: 'button', class: 'chip', onclick: () => (task.value = text) }, name)),
);
stop.addEventListener('click', () => running?.abort());
byId('run').addEventListener('submit', (event) => {
  event.preventDefault();
  if (!running) void work();
});
