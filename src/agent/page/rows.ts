// Goals about rows, cards and mails: something is done to one that is known by its name.
import type { PageElement } from '../../spec/page-view.ts';
import type { Goal } from './goal.ts';
import { mentions, plainName } from './ground.ts';
import { type PageHands, Stuck, type Work } from './page-hands.ts';

type GoalOf<Kind extends Goal['do']> = Extract<Goal, { do: Kind }>;

/** Takes things out of a catalogue: each by the button of its row that adds. */
export async function* addGoal(hands: PageHands, { items }: GoalOf<'add'>): Work {
  for (const item of items) {
    const elements = yield* hands.read();
    const place = elements.findIndex(({ name }) => plainName(name) === plainName(item));
    const adds = elements.slice(place + 1).find(({ name }) => /^(?:\+|add\b.*|buy|order)$|\+\s*$/i.test(name.trim()));
    if (place < 0 || !adds) throw new Stuck(`There is no "${item}" to add.`);
    yield* hands.click(adds, adds.interactive ? {} : { text: '+' });
  }
}

/** Does something to a mail, a post or a row that is known by its author. */
export async function* actGoal(hands: PageHands, { verb, within, text, to }: GoalOf<'act'>): Work {
  const words: Record<string, RegExp> = {
    forward: /\bforward\b/i,
    reply: /\breply\b|\brespond\b/i,
    delete: /\b(?:delete|trash|remove)\b/i,
    star: /\b(?:star|important|favou?rite|flag)\b/i,
  };
  const means = (element: PageElement) =>
    words[verb]!.test(element.name) && element.name.length < 40 && element.role !== 'heading';
  const inRow = (yield* hands.read()).find((element) => means(element) && mentions(element.within ?? '', within));
  if (inRow) return yield* hands.click(inRow);
  const elements = yield* hands.read();
  const row =
    elements.find(({ interactive, name }) => interactive && mentions(name, within)) ??
    elements.find(({ name }) => mentions(name, within));
  if (!row) throw new Stuck(`There is nothing of ${within}.`);
  yield* hands.click(row);
  yield* hands.wait(0.2);
  const shown = (yield* hands.read()).filter(means);
  const doing = shown.find(({ name }) => name.split(/\s+/).length === 1) ?? shown.at(-1);
  if (!doing) throw new Stuck(`There is nothing to ${verb} with.`);
  yield* hands.click(doing);
  const written = text ?? to;
  if (written === undefined) return;
  yield* hands.wait(0.2);
  const field = (yield* hands.read()).find(({ role, value }) => role === 'textbox' && value === '');
  if (!field) throw new Stuck('There is no field to write in.');
  yield* hands.type(field, written);
  const send = (yield* hands.read()).find(
    ({ name, role }) => /\b(?:send|submit|post)\b/i.test(name) && role !== 'text' && role !== 'textbox',
  );
  if (send) yield* hands.click(send);
}
