// The pattern `page`: an instruction is read into goals, each goal is grounded in what can be seen, done, and looked at again. Rules
// and embeddings do it; the model is asked where they are unsure which element is meant. It acts through tools alone.
import type { AgentPattern, AgentResult, AgentRun } from '../../spec/agent.ts';
import type { PageElement } from '../../spec/page-view.ts';
import { noTool } from '../endings.ts';
import { chooseGoal, clickGoal, expandGoal } from './choosing.ts';
import { fieldsOf, fillForm } from './form.ts';
import type { Goal } from './goal.ts';
import { readInstruction } from './instruction.ts';
import { copyGoal, countGoal, dragGoal, highlightGoal, parityGoal, scrollGoal, slideGoal } from './moving.ts';
import { PageHands, Refused, Stuck, type Work } from './page-hands.ts';
import { readPhrase } from './phrase.ts';
import { actGoal, addGoal } from './rows.ts';
import { calculateGoal, completeGoal, dateGoal, lookUpAllGoal, lookUpGoal, typeGoal, wordGoal } from './writing.ts';

/** Tools that the pattern cannot do without. */
const needed = ['read_page', 'click', 'type'];

/** Makes the pattern: one goal a round. */
export function page(): AgentPattern {
  return { name: 'page', run };
}

async function* run(run: AgentRun): Work<AgentResult> {
  const names = Object.keys(run.tools);
  yield { type: 'tools', names };
  if (!needed.every((name) => names.includes(name))) return noTool;
  const hands = new PageHands(run);
  const goals = readInstruction(run.task);
  if (goals.length === 0) goals.push(...(yield* guess(hands)));
  yield { type: 'thought', text: `Goals: ${goals.map(tell).join('; ')}` };
  try {
    for (const goal of goals) {
      run.round();
      yield* withPatience(hands, goal);
    }
    yield* sendForm(hands, goals);
    return { reason: 'finished', answer: `Done: ${goals.map(tell).join('; ')}.` };
  } catch (error) {
    if (error instanceof Refused) return { reason: 'refused', answer: '', detail: error.message };
    if (error instanceof Stuck) return { reason: 'gave-up', answer: '', detail: error.message };
    throw error;
  }
}

/** Where no form fits, the task names fields to fill, or an element to click. */
async function* guess(hands: PageHands): Work<Goal[]> {
  const { task } = hands.run;
  const fields = fieldsOf(yield* hands.read());
  return fields.size > 1 ? [{ do: 'fill', text: task }] : [{ do: 'click', target: readPhrase(task) }];
}

/** Tries a goal again when the page had to get ready, or something had come in between. */
async function* withPatience(hands: PageHands, goal: Goal): Work {
  const before = (yield* hands.read()).map(({ number }) => number);
  try {
    yield* perform(hands, goal);
  } catch (error) {
    if (!(error instanceof Stuck)) throw error;
    yield* hands.wait(0.3);
    yield* dismiss(hands, before);
    yield* perform(hands, goal);
    return;
  }
  // A window that opens on an action may have swallowed it.
  if (goal.do === 'type' && (yield* dismiss(hands, before))) yield* perform(hands, goal);
}

/** Closes a window that was not there before and has taken the page away. @returns whether there was one */
async function* dismiss(hands: PageHands, before: readonly number[]): Work<boolean> {
  const isNew = ({ number }: PageElement) => !before.includes(number);
  const elements = yield* hands.read();
  const blocked = elements.some(({ states = [], number }) => states.includes('disabled') && before.includes(number));
  const close = elements.find(
    (element) =>
      element.interactive && isNew(element) && /^(?:cancel|close|no|no thanks|dismiss|not now|later|x|×)$/i.test(element.name),
  );
  if (!close || !blocked) return false;
  yield* hands.click(close);
  return true;
}

/** Sends a form that was filled, where the task does not say how and there is one way. */
async function* sendForm(hands: PageHands, goals: readonly Goal[]): Work {
  const last = goals.at(-1)?.do;
  if (!last || !['type', 'choose', 'add', 'complete', 'fill', 'calculate', 'count', 'look-up', 'word', 'slide'].includes(last))
    return;
  const sends = (yield* hands.read()).filter(
    ({ interactive, name, role }) =>
      interactive && role !== 'textbox' && /^(?:submit|send|search|save|ok|go|done|book|order)\b/i.test(name),
  );
  if (sends.length === 1) yield* hands.click(sends[0]!);
}

function perform(hands: PageHands, goal: Goal): Work {
  switch (goal.do) {
    case 'click':
      return clickGoal(hands, goal);
    case 'add':
      return addGoal(hands, goal);
    case 'expand':
      return expandGoal(hands, goal);
    case 'choose':
      return chooseGoal(hands, goal);
    case 'act':
      return actGoal(hands, goal);
    case 'type':
      return typeGoal(hands, goal);
    case 'look-up':
      return lookUpGoal(hands, goal);
    case 'look-up-all':
      return lookUpAllGoal(hands);
    case 'complete':
      return completeGoal(hands, goal);
    case 'word':
      return wordGoal(hands, goal);
    case 'date':
      return dateGoal(hands, goal);
    case 'slide':
      return slideGoal(hands, goal);
    case 'calculate':
      return calculateGoal(hands, goal);
    case 'count':
      return countGoal(hands, goal);
    case 'copy':
      return copyGoal(hands, goal);
    case 'highlight':
      return highlightGoal(hands, goal);
    case 'scroll':
      return scrollGoal(hands, goal);
    case 'drag':
      return dragGoal(hands, goal);
    case 'parity':
      return parityGoal(hands);
    case 'wait':
      return hands.wait(goal.seconds);
    case 'fill':
      return fillForm(hands, goal.text);
  }
}

/** A goal in a few words: `type "Ada" (the name field)`. */
function tell(goal: Goal): string {
  const target = 'target' in goal && goal.target ? goal.target.text || goal.target.roles[0] || '' : '';
  const value = valueOfGoal(goal);
  return [goal.do.replaceAll('-', ' '), value !== undefined && JSON.stringify(value), target && `(${target.trim()})`]
    .filter(Boolean)
    .join(' ');
}

function valueOfGoal(goal: Goal): string | number | undefined {
  if (goal.do === 'date') return [goal.year, goal.month, goal.day].map((part) => String(part).padStart(2, '0')).join('-');
  if (goal.do === 'choose') return goal.options.join(', ');
  if (goal.do === 'add') return goal.items.join(', ');
  if (goal.do === 'act') return `${goal.verb} ${goal.within}`;
  if (goal.do === 'look-up') return goal.key;
  if (goal.do === 'slide') return goal.value;
  return 'text' in goal ? goal.text : undefined;
}
