// Tools that use the keyboard: type, select, select_text, press_key.
import type { Tool } from '../../spec/tool.ts';
import { InpageError } from '../../util/errors.ts';
import { contentOf, editableAround, hasCaret, insertText, selectAll, selectContents, setValue, tellChange } from './editing.ts';
import { shownValue } from './kinds.ts';
import type { PageSession } from './page-session.ts';
import { dispatch, moveFocus, reach } from './pointer.ts';
import * as schema from './schemas.ts';
import { missingText, rangeOf } from './text-range.ts';
import { hasTag, windowOf } from './tree.ts';
import { pause } from './wait.ts';

interface TypeInput {
  element?: number;
  text: string;
  append?: boolean;
  submit?: boolean;
}

interface SelectInput {
  element: number;
  options: readonly string[];
}

/** What typing and selecting give: what the field holds now and held before; of a password, dots. */
export interface FieldChange {
  done: string;
  value: string;
  before: string;
}

/** Type, select, select_text and press_key. */
export function textTools(session: PageSession) {
  return {
    type: {
      description: 'Types a text into a field, in place of what it holds.',
      inputSchema: schema.object(
        {
          element: { ...(schema.element as object), description: 'Number of the field; without it, the one that has the focus' },
          text: schema.text('What to type. Dates like 2026-01-31, times like 14:05 in fields of such a type'),
          append: { type: 'boolean', description: 'Types at the end of what the field holds. Default false' },
          submit: { type: 'boolean', description: 'Presses Enter afterwards. Default false' },
        },
        'text',
      ),
      aliases: ['enter the text', 'fill in', 'write into the field', 'search for'],
      execute: async ({ element: number, text, append = false, submit = false }: TypeInput, { signal }) => {
        const target = session.target(number);
        const field = editableAround(target);
        const told = number === undefined ? 'the field in focus' : session.numbers.tell(number);
        if (!field) throw new InpageError('invalid-argument', `Nothing can be typed into ${told}. Choose a field.`);
        if (hasTag(field, 'input', 'textarea') && field.readOnly)
          throw new InpageError('invalid-argument', `${told} cannot be typed into. Click it and use what opens.`);
        session.guard(field);
        if (submit || text.includes('\n')) session.guardForm(field);
        const before = shownValue(field, undefined) ?? '';
        if (number !== undefined) await click(field, signal);
        const caret = hasCaret(field);
        if (hasTag(field, 'input') && !caret) {
          setValue(field, append ? (field as HTMLInputElement).value + text : text);
          tellChange(field);
        } else {
          if (append) moveToEnd(field);
          else selectAll(field);
          const native =
            text === '' ? contentOf(field) === '' || insertText(field, '') === 'native' : session.keyboard.type(field, text);
          if (!native) tellChange(field);
        }
        if (submit) session.keyboard.press(field, 'Enter');
        await pause(0, signal);
        return { done: `Typed into ${told}.`, value: shownValue(field, undefined) ?? '', before };
      },
      undo: ({ element: number }: TypeInput, { before }: FieldChange) => restore(number, before),
    } satisfies Tool<TypeInput, FieldChange>,

    select: {
      description: 'Selects options of a list by their labels.',
      inputSchema: schema.object(
        {
          element: schema.element,
          options: {
            type: 'array',
            items: { type: 'string' },
            minItems: 1,
            description: 'Labels of the options; several in a list that allows it',
          },
        },
        'element',
        'options',
      ),
      aliases: ['choose from the list', 'pick an option', 'dropdown'],
      execute: async ({ element: number, options }: SelectInput, { signal }) => {
        const list = session.enabled(number);
        const told = session.numbers.tell(number);
        if (!hasTag(list, 'select'))
          throw new InpageError('invalid-argument', `${told} is no list with options. Click what you want.`);
        const before = shownValue(list, undefined) ?? '';
        const wanted = options.map((label) => optionOf(list, label));
        if (wanted.length > 1 && !list.multiple)
          throw new InpageError('invalid-argument', `${told} takes one option only, not ${wanted.length}.`);
        await click(list, signal);
        choose(list, wanted);
        await pause(0, signal);
        return { done: `Selected in ${told}.`, value: shownValue(list, undefined) ?? '', before };
      },
      undo: ({ element: number }: SelectInput, { before }: FieldChange) => restore(number, before),
    } satisfies Tool<SelectInput, FieldChange>,

    select_text: {
      description:
        'Highlights the text of an element, or a part of it, as with the mouse; to copy it, press Control+C afterwards.',
      inputSchema: schema.object({ element: schema.element, text: schema.text('The part; without it, all') }, 'element'),
      aliases: ['highlight', 'mark the text'],
      readOnly: true,
      execute: async ({ element: number, text }: { element: number; text?: string }, { signal }) => {
        const element = session.find(number);
        if (hasCaret(element)) {
          moveFocus(element);
          const start = text ? element.value.indexOf(text) : 0;
          if (start < 0) throw missingText(text!);
          element.setSelectionRange(start, text ? start + text.length : element.value.length);
        } else {
          const { target, point } = await reach(element, undefined, signal);
          dispatch(target, 'mousedown', point, { buttons: 1 });
          selectContents(element, text ? rangeOf(element, text) : undefined);
          dispatch(target, 'mouseup', point);
        }
        await pause(0, signal);
        return `Highlighted ${text ? `"${text}"` : session.numbers.tell(number)}.`;
      },
    } satisfies Tool<{ element: number; text?: string }, string>,

    press_key: {
      description: 'Presses a key on what has the focus or on an element: Enter, Escape, Tab, ArrowDown, Control+C, a character.',
      inputSchema: schema.object(
        {
          key: schema.text('Name of the key, with Control+, Shift+, Alt+ or Meta+ before it where wanted'),
          element: { ...(schema.element as object), description: 'Number of an element that gets the focus first' },
          times: schema.whole(1, 100, 'How often. Default 1'),
        },
        'key',
      ),
      execute: async ({ key, element: number, times = 1 }: { key: string; element?: number; times?: number }, { signal }) => {
        const document = session.root.ownerDocument;
        const target = number === undefined ? undefined : session.enabled(number);
        if (target) moveFocus(target);
        for (let time = 0; time < times; time++) {
          signal.throwIfAborted();
          const active = target ?? (document.activeElement && session.target(undefined)) ?? document.body;
          if (/^(?:enter|return|space| )$/i.test(key)) session.guard(active);
          if (/^(?:enter|return)$/i.test(key)) session.guardForm(active);
          session.keyboard.press(active, key);
        }
        await pause(0, signal);
        return `Pressed ${key}${times > 1 ? ` ${times} times` : ''}.`;
      },
    } satisfies Tool<{ key: string; element?: number; times?: number }, string>,
  };

  /** Clicks a field as a hand does before it types: things open, the caret stands in it. */
  async function click(field: Element, signal: AbortSignal): Promise<void> {
    const { target, point } = await reach(field, undefined, signal);
    session.pointer.click(target, point);
    if (field.isConnected && !field.matches(':focus')) (field as HTMLElement).focus({ preventScroll: true });
  }

  function restore(number: number | undefined, before: string): void {
    if (number === undefined || before.startsWith('•')) {
      throw new InpageError('invalid-argument', 'What the field held before is not known. Ask the user to correct it.');
    }
    const field = session.find(number);
    if (hasTag(field, 'select')) choose(field, before === '' ? [] : before.split(', ').map((label) => optionOf(field, label)));
    else if (hasTag(field, 'input', 'textarea')) {
      setValue(field, before);
      tellChange(field);
    } else {
      (field as HTMLElement).focus();
      selectAll(field);
      insertText(field, before);
    }
  }
}

function choose(list: HTMLSelectElement, wanted: readonly HTMLOptionElement[]): void {
  for (const option of list.options) {
    const selected = wanted.includes(option);
    if (option.selected !== selected) option.selected = selected;
  }
  const { Event } = windowOf(list);
  list.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  tellChange(list);
}

/** The option with a label; as it is written first, then in any case. @throws InpageError `invalid-argument`, naming those that are there */
function optionOf(list: HTMLSelectElement, label: string): HTMLOptionElement {
  const all = [...list.options].filter((option) => !option.disabled);
  const same = (text: string) => text.replace(/\s+/g, ' ').trim();
  const found =
    all.find((option) => same(option.label) === same(label)) ??
    all.find((option) => same(option.label).toLowerCase() === same(label).toLowerCase()) ??
    all.find((option) => option.value === label);
  if (found) return found;
  const labels = all.slice(0, 20).map((option) => `"${same(option.label)}"`);
  throw new InpageError('invalid-argument', `There is no option "${label}". There are: ${labels.join(', ')}.`);
}

function moveToEnd(field: Element): void {
  if (hasCaret(field)) field.setSelectionRange(field.value.length, field.value.length);
  else {
    selectContents(field);
    windowOf(field).getSelection()?.collapseToEnd();
  }
}
