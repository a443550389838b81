// Goals of clicking and choosing.
import type { PageElement } from '../../spec/page-view.ts';
import type { Goal, Phrase } from './goal.ts';
import { closeness, likeness, mentions, plainName } from './ground.ts';
import { hueOf, hues } from './hue.ts';
import { type PageHands, Stuck, type Work } from './page-hands.ts';

type GoalOf<Kind extends Goal['do']> = Extract<Goal, { do: Kind }>;

const boxes = ['checkbox', 'radio', 'option', 'switch', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'treeitem'];
const named = (label: string): Phrase => ({ text: label, words: '', label, roles: [] });
const canOpen = ({ role, states = [] }: PageElement) =>
  (role === 'tab' && !states.includes('selected')) || (states.includes('collapsed') && role !== 'combobox');

/** Clicks what a phrase means, or all that it means. Looks behind tabs and folded parts where it cannot be seen. */
export async function* clickGoal(hands: PageHands, { target, all, shade }: GoalOf<'click'>): Work {
  if (all && shade) {
    const patches = (yield* hands.read()).filter(
      ({ hex, role }) => hex && !['text', 'button', 'textbox'].includes(role) && isShade(hex, target.color!),
    );
    for (const patch of patches) yield* hands.click(patch);
    return;
  }
  if (all) {
    const ranked = yield* hands.ranked(target);
    const meant = ranked
      .filter(({ element, score }) => score >= ranked[0]!.score - 0.05 && fits(element, target))
      .map(({ element }) => element);
    for (const element of meant) yield* hands.click(element);
    return;
  }
  const found = (yield* lookFor(hands, target)) ?? (yield* sender(hands, target));
  if (!found) throw new Stuck(`There is nothing like "${target.text}".`);
  yield* hands.click(found);
}

/** The button that sends a form, whatever it is called. */
async function* sender(hands: PageHands, { label }: Phrase): Work<PageElement | undefined> {
  const sends = /^(?:submit|send|log ?in|sign ?in|search|go|ok|okay|done|save|continue)\b/i;
  if (!label || !sends.test(label)) return undefined;
  const buttons = (yield* hands.read()).filter(({ role }) => role === 'button');
  return buttons.find(({ name }) => sends.test(name)) ?? (buttons.length === 1 ? buttons[0] : undefined);
}

const fits = ({ role, color }: PageElement, target: Phrase) =>
  (target.roles.length === 0 || target.roles.includes(role)) && (!target.color || color === target.color);

/** Whether a colour is a shade of a named one: that one is the nearest in hue. */
function isShade(hex: string, name: string): boolean {
  const hue = hueOf(hex);
  if (hue === undefined) return false;
  const distance = (other: number) => Math.min(Math.abs(hue - other), 360 - Math.abs(hue - other));
  const [nearest] = Object.entries(hues).sort(([, first], [, second]) => distance(first) - distance(second));
  return nearest![0] === name;
}

/** The element, wherever it hides: in sight, in the menu of its row, behind a tab, in a folded part, on the next page. */
async function* lookFor(hands: PageHands, target: Phrase): Work<PageElement | undefined> {
  const inSight = yield* hands.find(target, isTarget(target));
  if (inSight || (target.label ?? target.words) === '') return inSight;
  if (target.within) {
    const more = yield* hands.find({ ...named('more'), within: target.within }, ({ name }) =>
      /\bmore\b|\bmenu\b|\boptions\b|…|⋯|⋮/i.test(name),
    );
    if (more) {
      yield* hands.click(more);
      const found = yield* hands.find({ ...target, within: undefined });
      if (found) return found;
    }
  }
  const tried = new Set<number>();
  for (let turn = 0; turn < 20; turn++) {
    const folded = (yield* hands.read()).find((element) => canOpen(element) && !tried.has(element.number));
    if (!folded) break;
    tried.add(folded.number);
    yield* hands.click(folded);
    yield* hands.wait(0.3);
    const found = yield* hands.find(target, isTarget(target));
    if (found) return found;
  }
  for (let page = 0; page < 10; page++) {
    const next = (yield* hands.read()).find(
      ({ name, interactive, states = [] }) =>
        interactive && /^(?:next|>|›|»|more results)$/i.test(name.trim()) && !states.includes('disabled'),
    );
    if (!next) break;
    yield* hands.click(next);
    const found = yield* hands.find(target, isTarget(target));
    if (found) return found;
  }
  return undefined;
}

/** A link or button that is named in quotes is nothing that is only a text with these words. */
const isTarget =
  ({ label, roles }: Phrase) =>
  (element: PageElement) =>
    label === undefined || element.interactive || roles.length === 0 || roles.includes(element.role);

/** Opens what is folded. */
export async function* expandGoal(hands: PageHands, { target }: GoalOf<'expand'>): Work {
  const elements = yield* hands.read();
  const folded = elements.filter((element) => canOpen(element));
  const best = yield* hands.find(target, (element) => element.interactive && (folded.length === 0 || folded.includes(element)));
  const sign = elements.find(({ name }) => /^[+▸▶☰⊕]$/.test(name.trim()));
  const chosen = folded.length > 0 ? (best ?? folded[0]) : (sign ?? best);
  if (!chosen) throw new Stuck('There is nothing folded.');
  yield* hands.click(chosen);
  yield* hands.wait(0.6);
}

/** Chooses options by their names: boxes, options of a list, or whatever bears the name. */
export async function* chooseGoal(hands: PageHands, { options, similar, target }: GoalOf<'choose'>): Work {
  for (const option of options) {
    const elements = yield* hands.read();
    const list = elements.find(
      ({ options = [], states = [] }) =>
        !states.includes('disabled') && options.some((label) => plainName(label) === plainName(option)),
    );
    if (list) {
      const label = list.options!.find((label) => plainName(label) === plainName(option))!;
      yield* hands.act('select', { element: list.number, options: [label] });
      continue;
    }
    const box = yield* boxNamed(hands, option, similar === true);
    if (box) {
      if (!box.states?.includes('checked')) yield* hands.click(box);
      continue;
    }
    yield* openAndChoose(hands, option, target);
  }
}

async function* boxNamed(hands: PageHands, option: string, similar: boolean): Work<PageElement | undefined> {
  const all = (yield* hands.read()).filter(({ role }) => boxes.includes(role));
  const exact = all.find(({ name }) => likeness(name, option) >= 0.95);
  if (exact || !similar) return exact ?? all.find(({ name }) => likeness(name, option) >= 0.7);
  const free = all.filter(({ states = [] }) => !states.includes('checked'));
  if (free.length === 0) return undefined;
  const close = await closeness(
    hands.run.embedder,
    option,
    free.map(({ name }) => name),
    hands.run.signal,
  );
  return free[close.indexOf(Math.max(...close))];
}

/** A list that the page draws itself: it is opened, and then its option clicked. */
async function* openAndChoose(hands: PageHands, option: string, target: Phrase | undefined): Work {
  const bears = ({ name }: PageElement) => likeness(name, option) >= 0.95;
  const direct = (yield* hands.read()).filter(bears);
  if (direct[0]) return yield* hands.click(direct.find(({ interactive }) => interactive) ?? direct[0]);
  if (target) {
    const openers = (yield* hands.read()).filter(
      ({ interactive, role }) => interactive && role !== 'button' && role !== 'textbox',
    );
    for (const opener of openers.slice(0, 3)) {
      yield* hands.click(opener);
      yield* hands.wait(0.3);
      const found = (yield* hands.read()).find(bears);
      if (found) return yield* hands.click(found);
    }
  }
  const closest = yield* hands.find(named(option));
  if (!closest) throw new Stuck(`There is no "${option}" to choose.`);
  yield* hands.click(closest);
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
