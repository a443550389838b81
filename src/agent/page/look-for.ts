// Looks for an element where it cannot be seen at once: in the menu of its row, behind a tab, in a folded part, on the next page.
import type { PageElement } from '../../spec/page-view.ts';
import type { Phrase } from './goal.ts';
import type { PageHands, Work } from './page-hands.ts';
import { rolesOf } from './phrase.ts';

/** A phrase that is nothing but a name. */
export const named = (label: string): Phrase => ({ text: label, words: '', label, roles: [] });

/** Whether there is more behind an element. */
export const canOpen = ({ role, name, interactive, states = [] }: PageElement) =>
  (role === 'tab' && !states.includes('selected')) ||
  (states.includes('collapsed') && role !== 'combobox') ||
  (interactive && /\b(?:expandable|collapsed)\b/.test(name));

/** The element, wherever it hides: in sight, in the menu of its row, behind a tab, in a folded part, on the next page. */
export async function* lookFor(hands: PageHands, target: Phrase): Work<PageElement | undefined> {
  const inSight = (yield* hands.find(target, isTarget(target))) ?? (yield* ofKind(hands, target));
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

/** An element of the kind that is named in quotes, where nothing bears that name. */
async function* ofKind(hands: PageHands, { label = '', within }: Phrase): Work<PageElement | undefined> {
  const roles = rolesOf(label);
  if (roles.length === 0) return undefined;
  return yield* hands.find({ text: label, words: '', roles, ...(within && { within }) }, ({ role }) => roles.includes(role));
}

/** A link or button that is named in quotes is nothing that is only a text with these words. */
const isTarget =
  ({ label, roles }: Phrase) =>
  (element: PageElement) =>
    label === undefined || element.interactive || roles.length === 0 || roles.includes(element.role);

/** The button that sends a form, whatever it is called. */
export async function* sender(hands: PageHands, { label }: Phrase): Work<PageElement | undefined> {
  const sends = /^(?:submit|send|log ?in|sign ?in|search|go|ok|okay|done|save|continue)\b/i;
  if (!label || !sends.test(label)) return undefined;
  const buttons = (yield* hands.read()).filter(({ role }) => role === 'button');
  return buttons.find(({ name }) => sends.test(name)) ?? (buttons.length === 1 ? buttons[0] : undefined);
}
