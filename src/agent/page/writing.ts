// Goals of writing: into fields, dates into calendars, values that stand elsewhere in the page.
import type { PageElement } from '../../spec/page-view.ts';
import type { Goal, Phrase } from './goal.ts';
import { isField, plainName } from './ground.ts';
import { type PageHands, Stuck, type Work } from './page-hands.ts';

type GoalOf<Kind extends Goal['do']> = Extract<Goal, { do: Kind }>;

const months = 'january february march april may june july august september october november december'.split(' ');

/** The field that a phrase means: by its name, or the first one that is still free. */
export async function* fieldFor(hands: PageHands, target: Phrase): Work<PageElement> {
  const fields = (yield* hands.read()).filter(isField);
  if (fields.length === 0) throw new Stuck('There is no field to type into.');
  if (target.place !== undefined) return fields.at(target.place) ?? fields.at(-1)!;
  const isVague = (target.label ?? target.words) === '' || fields.length === 1;
  const found = isVague ? undefined : yield* hands.find(target, isField);
  return found ?? fields.find(({ number, value }) => !hands.filled.has(number) && !value) ?? fields[0]!;
}

/** Types into a field, or into all of them. */
export async function* typeGoal(hands: PageHands, { text, target, all }: GoalOf<'type'>): Work {
  if (all) {
    for (const field of (yield* hands.read()).filter(isField)) yield* hands.type(field, text);
    return;
  }
  yield* hands.type(yield* fieldFor(hands, target), text);
}

/** Enters a date: as the field takes it, or by clicking it in the calendar that opens. */
export async function* dateGoal(hands: PageHands, { year, month, day, target }: GoalOf<'date'>): Work {
  const two = (number: number) => String(number).padStart(2, '0');
  const fields = (yield* hands.read()).filter(({ role }) => role === 'textbox');
  const field =
    fields.find(({ type }) => type === 'date') ?? (yield* hands.find(target, ({ role }) => role === 'textbox')) ?? fields[0];
  if (!field) throw new Stuck('There is no field for a date.');
  if (field.type === 'date') return yield* hands.type(field, `${year}-${two(month)}-${two(day)}`);
  if (isField(field)) return yield* hands.type(field, `${two(month)}/${two(day)}/${year}`);
  yield* hands.click(field);
  yield* hands.wait(0.4);
  for (let turn = 0; turn < 60; turn++) {
    const elements = yield* hands.read();
    const shown = elements.map(({ name }) => readMonth(name)).find((found) => found !== undefined);
    if (!shown) throw new Stuck('No calendar opened.');
    const away = (year - shown.year) * 12 + month - shown.month;
    if (away === 0) break;
    const turning = elements.find(
      ({ interactive, name }) => interactive && (away < 0 ? /^(?:prev|previous|back|<|‹|«)/i : /^(?:next|>|›|»)/i).test(name),
    );
    if (!turning) throw new Stuck('The calendar cannot be turned.');
    yield* hands.click(turning);
  }
  const cell = (yield* hands.read()).find(({ interactive, name }) => interactive && name === String(day));
  if (!cell) throw new Stuck(`The calendar has no day ${day}.`);
  yield* hands.click(cell);
  yield* hands.wait(0.3);
}

/** A month and year as calendars head their pages. */
function readMonth(name: string): { year: number; month: number } | undefined {
  const match = /^(\p{L}+)\.? (\d{4})$/u.exec(name.trim());
  const month = match ? months.findIndex((long) => long.startsWith(match[1]!.toLowerCase().slice(0, 3))) + 1 : 0;
  return month > 0 ? { month, year: Number(match![2]) } : undefined;
}

/** What stands beside a key: in the next cell, or after a colon. */
export function valueBeside(elements: readonly PageElement[], key: string): string | undefined {
  const cells = elements.filter(({ role }) => role === 'cell' || role === 'rowheader' || role === 'columnheader');
  const place = cells.findIndex(({ name }) => plainName(name) === plainName(key));
  if (place >= 0 && cells[place + 1]) return cells[place + 1]!.name;
  for (const { name, role } of elements) {
    const [own, ...rest] = name.split(':');
    if (role === 'text' && rest.length > 0 && plainName(own!) === plainName(key)) return rest.join(':').trim();
  }
  return undefined;
}

/** Types what stands beside a key. */
export async function* lookUpGoal(hands: PageHands, { key, target }: GoalOf<'look-up'>): Work {
  const value = valueBeside(yield* hands.read(), key);
  if (value === undefined) throw new Stuck(`The page tells no "${key}".`);
  yield* hands.type(yield* fieldFor(hands, target), value);
}

/** Types into each field what stands beside its label. */
export async function* lookUpAllGoal(hands: PageHands): Work {
  for (const field of (yield* hands.read()).filter(isField)) {
    const value = valueBeside(yield* hands.read(), field.name);
    if (value !== undefined) yield* hands.type(field, value);
  }
}

/** Types a beginning and takes a suggestion. */
export async function* completeGoal(hands: PageHands, { start, end, target }: GoalOf<'complete'>): Work {
  yield* hands.type(yield* fieldFor(hands, target), start);
  yield* hands.wait(0.7);
  const begins = (name: string) =>
    name.toLowerCase().startsWith(start.toLowerCase()) && name.toLowerCase().endsWith(end.toLowerCase());
  const option = (yield* hands.read()).find((element) => !isField(element) && begins(element.name));
  if (!option) throw new Stuck(`Nothing is suggested that starts with "${start}".`);
  yield* hands.click(option);
}

/** Types a word of a text by its place. */
export async function* wordGoal(hands: PageHands, { place, target }: GoalOf<'word'>): Work {
  const texts = (yield* hands.read()).filter(({ role }) => role === 'text' || role === 'paragraph');
  const text = texts.toSorted((first, second) => second.name.length - first.name.length)[0];
  const word = text?.name
    .split(/\s+/)
    .at(place)
    ?.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  if (!word) throw new Stuck(`There is no word number ${place + 1}.`);
  yield* hands.type(yield* fieldFor(hands, { ...target, place: undefined, words: '' }), word);
}

/** Solves a sum or a simple equation that stands in the page. */
export async function* calculateGoal(hands: PageHands, { target }: GoalOf<'calculate'>): Work {
  const answers = (yield* hands.read()).map(({ name }) => solve(name)).filter((answer) => answer !== undefined);
  if (answers[0] === undefined) throw new Stuck('There is nothing to calculate.');
  yield* hands.type(yield* fieldFor(hands, target), String(answers[0]));
}

/** `3 + 4 =` gives 7, `x - 2 = 5` gives 7; undefined for anything else. */
export function solve(text: string): number | undefined {
  const sum = /^\s*(-?\d+)\s*([-+*x×÷/])\s*(-?\d+)\s*=?\s*\??\s*$/.exec(text);
  if (sum) {
    const [left, right] = [Number(sum[1]), Number(sum[3])];
    const results: Record<string, number> = { '+': left + right, '-': left - right, '/': left / right, '÷': left / right };
    return results[sum[2]!] ?? left * right;
  }
  const equation = /^\s*([a-z]|-?\d+)\s*([-+])\s*([a-z]|-?\d+)\s*=\s*(-?\d+)\s*$/i.exec(text);
  if (!equation) return undefined;
  const [, first, sign, second, result] = equation as unknown as [string, string, string, string, string];
  const isFirst = Number.isNaN(Number(first));
  if (isFirst === Number.isNaN(Number(second))) return undefined;
  const known = Number(isFirst ? second : first);
  if (sign === '+') return Number(result) - known;
  return isFirst ? Number(result) + known : known - Number(result);
}
