// Goals of clicking and choosing.
import type { PageElement } from '../../spec/page-view.ts';
import type { Goal, Phrase } from './goal.ts';
import { closeness, likeness, plainName } from './ground.ts';
import { hueOf, hues } from './hue.ts';
import { canOpen, lookFor, named, sender } from './look-for.ts';
import { type PageHands, Stuck, type Work } from './page-hands.ts';

type GoalOf<Kind extends Goal['do']> = Extract<Goal, { do: Kind }>;

const boxes = ['checkbox', 'radio', 'option', 'switch', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'treeitem'];

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

/** Chooses options by their names: options of a list, boxes, ways through menus, or whatever bears the name. */
export async function* chooseGoal(hands: PageHands, { options, similar, target }: GoalOf<'choose'>): Work {
  const same = (label: string, option: string) => plainName(label) === plainName(option);
  const list = (yield* hands.read()).find(
    ({ options: labels = [], states = [] }) =>
      !states.includes('disabled') && options.every((option) => labels.some((label) => same(label, option))),
  );
  if (list && options.length > 0) {
    const labels = options.map((option) => list.options!.find((label) => same(label, option))!);
    yield* hands.act('select', { element: list.number, options: labels });
    return;
  }
  for (const option of options) {
    const way = option.split(/\s*[>›→]\s*/);
    const box = way.length > 1 ? undefined : yield* boxNamed(hands, option, similar === true);
    if (way.length > 1) yield* followMenu(hands, way);
    else if (!box) yield* openAndChoose(hands, option, target);
    else if (!box.states?.includes('checked')) yield* hands.click(box);
  }
}

/** Opens menu after menu. */
async function* followMenu(hands: PageHands, way: readonly string[]): Work {
  for (const [depth, label] of way.entries()) {
    const found = yield* hands.find(named(label), ({ states = [] }) => !states.includes('disabled'));
    if (!found) throw new Stuck(`There is no "${label}" in the menu.`);
    if (depth === way.length - 1) return yield* hands.click(found);
    yield* hands.act('hover', { element: found.number });
    yield* hands.wait(0.5);
    const opened = (yield* hands.read()).some(({ name }) => plainName(name) === plainName(way[depth + 1]!));
    if (opened) continue;
    yield* hands.click(found);
    yield* hands.wait(0.5);
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
