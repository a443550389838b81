// Goals of moving and marking: sliders, lists to sort, drawings, text to copy or to highlight, scrolling.
import type { PageElement } from '../../spec/page-view.ts';
import type { Goal } from './goal.ts';
import { rank } from './ground.ts';
import { type PageHands, Stuck, type Work } from './page-hands.ts';

type GoalOf<Kind extends Goal['do']> = Extract<Goal, { do: Kind }>;

const isNumber = ({ role, name }: PageElement) => role === 'text' && /^-?\d+(?:\.\d+)?$/.test(name.trim());

/** Moves a slider with the arrow keys until it shows a value. */
export async function* slideGoal(hands: PageHands, { value }: GoalOf<'slide'>): Work {
  const isHandle = ({ role, name, interactive }: PageElement) => role === 'slider' || (interactive && /\bslider\b/.test(name));
  let steps = 1;
  for (let turn = 0; turn < 6; turn++) {
    const elements = yield* hands.read();
    const handle = elements.find(isHandle);
    const spinner = handle ? undefined : elements.find(({ role }) => role === 'spinbutton');
    if (spinner) return yield* hands.type(spinner, String(value));
    if (!handle) throw new Stuck('There is no slider.');
    const now = Number(handle.value ?? elements.find(isNumber)?.name);
    if (Number.isNaN(now)) throw new Stuck('The slider shows no value.');
    if (now === value) return;
    steps = Math.min(100, Math.abs(value - now));
    yield* hands.act('press_key', { key: value > now ? 'ArrowRight' : 'ArrowLeft', element: handle.number, times: steps });
  }
}

/** Drags by a direction, to a place in a list, or onto something. */
export async function* dragGoal(hands: PageHands, { target, to, all }: GoalOf<'drag'>): Work {
  const isShape = ({ color, interactive, role }: PageElement) => color !== undefined && !interactive && role !== 'text';
  const elements = yield* hands.read();
  const shapes = elements.filter(isShape);
  const isVague = target.words === '' && target.label === undefined;
  if (all && 'onto' in to) {
    const meant = shapes.filter(({ role, color }) => target.roles.includes(role) && (!target.color || color === target.color));
    const onto = rank(
      to.onto,
      shapes.filter((shape) => !meant.includes(shape)),
    )[0]?.element;
    if (!onto || meant.length === 0) throw new Stuck(`There is no "${target.text}" to drag, or nothing to drag them to.`);
    for (const shape of meant) yield* hands.act('drag', { element: shape.number, to: onto.number });
    return;
  }
  const source = isVague && shapes.length > 0 ? rank(target, shapes)[0]?.element : yield* hands.find(target);
  if (!source) throw new Stuck(`There is no "${target.text}" to drag.`);
  if ('direction' in to) {
    const [dx, dy] = { left: [-15, 0], right: [15, 0], up: [0, -15], down: [0, 15] }[to.direction]!;
    yield* hands.act('drag', { element: source.number, dx, dy });
    return;
  }
  if ('onto' in to) {
    const onto = yield* hands.find(to.onto, ({ number }) => number !== source.number);
    if (!onto) throw new Stuck(`There is no "${to.onto.text}" to drag it to.`);
    yield* hands.act('drag', { element: source.number, to: onto.number });
    return;
  }
  // What looks the same and stands in the same column is the list.
  const list = elements.filter(
    ({ role, box }) => role === source.role && box.x === source.box.x && Math.abs(box.height - source.box.height) < 3,
  );
  const from = list.indexOf(source);
  const place = 'by' in to ? from + to.by : to.place < 0 ? list.length - 1 : to.place;
  const other = list[place];
  if (!other || other === source) throw new Stuck('There is no such place in the list.');
  yield* hands.act('drag', { element: source.number, to: other.number, position: place > from ? 'after' : 'before' });
}

/** Copies the text of one field into another. */
export async function* copyGoal(hands: PageHands, { from, to }: GoalOf<'copy'>): Work {
  const fields = (yield* hands.read()).filter(({ role }) => role === 'textbox');
  const full = fields.filter(({ value }) => value !== '');
  const source = from.place === undefined ? (full[0] ?? (yield* hands.find(from))) : full.at(from.place);
  const target = fields.find(({ value, number }) => value === '' && number !== source?.number) ?? (yield* hands.find(to));
  if (!source || !target) throw new Stuck('There is nothing to copy from, or to.');
  yield* hands.act('select_text', { element: source.number });
  yield* hands.act('press_key', { key: 'Control+C' });
  yield* hands.act('press_key', { key: 'Control+V', element: target.number });
}

/** Highlights a paragraph. */
export async function* highlightGoal(hands: PageHands, { target }: GoalOf<'highlight'>): Work {
  const texts = (yield* hands.read()).filter(({ role }) => role === 'text' || role === 'paragraph');
  const text =
    target.place === undefined
      ? texts.toSorted((first, second) => second.name.length - first.name.length)[0]
      : texts.at(target.place);
  if (!text) throw new Stuck('There is no text to highlight.');
  yield* hands.act('select_text', { element: text.number });
}

/** Scrolls what scrolls. */
export async function* scrollGoal(hands: PageHands, { to, target }: GoalOf<'scroll'>): Work {
  const scrolls = ({ states = [] }: PageElement) => states.includes('scrollable');
  const found = (yield* hands.read()).find(scrolls) ?? (yield* hands.find(target));
  yield* hands.act('scroll', { ...(found && { element: found.number }), to });
  yield* hands.wait(0.1);
}

/** Counts what a phrase means and types the number. */
export async function* countGoal(hands: PageHands, { target }: GoalOf<'count'>): Work {
  const elements = yield* hands.read();
  const wanted = elements.filter(
    ({ role, color }) =>
      (target.roles.includes(role) || (target.roles.length === 0 && role === 'shape')) &&
      (!target.color || color === target.color),
  );
  const number = String(wanted.length);
  const field = elements.find(({ role }) => role === 'textbox' || role === 'spinbutton');
  const answer = elements.find(({ interactive, name }) => interactive && name === number);
  if (field) yield* hands.type(field, number);
  else if (answer) yield* hands.click(answer);
  else throw new Stuck(`There are ${number}, and nowhere to say so.`);
}

/** Marks each number of the page as odd or even, by the buttons beside it. */
export async function* parityGoal(hands: PageHands): Work {
  const elements = yield* hands.read();
  const numbers = elements.filter(isNumber);
  for (const [row, { name }] of numbers.entries()) {
    const label = Number(name) % 2 === 0 ? /^even$/i : /^odd$/i;
    const button = elements.filter((element) => element.interactive && label.test(element.name))[row];
    if (button) yield* hands.click(button);
  }
}
