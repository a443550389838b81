// Changes what fields hold in ways that frameworks notice: by the editing command, or else past their own property setters.
import { InpageError } from '../../util/errors.ts';
import { isEditingHost } from './kinds.ts';
import { hasTag, lineage, windowOf } from './tree.ts';

/** A field with text that a caret can stand in. */
export type TextField = HTMLInputElement | HTMLTextAreaElement;

/** Types of `<input>` that hold text with a caret in it. */
const withCaret = /^(?:text|search|url|tel|password)$/;

/** The field or editable element at or around an element, or undefined. */
export function editableAround(element: Element): Element | undefined {
  for (const around of lineage(element)) {
    if (hasTag(around, 'input', 'textarea') || isEditingHost(around)) return around;
  }
  return undefined;
}

/** Whether a field holds text with a caret in it. */
export function hasCaret(element: Element): element is TextField {
  return hasTag(element, 'textarea') || (hasTag(element, 'input') && withCaret.test(element.type));
}

/** What a field holds, as it is. */
export function contentOf(element: Element): string {
  return hasTag(element, 'input', 'textarea', 'select') ? element.value : (element as HTMLElement).innerText;
}

/** Sends `input` as a browser does after a change by hand. */
function tellInput(element: Element, inputType: string, data: string | null): void {
  element.dispatchEvent(new (windowOf(element).InputEvent)('input', { bubbles: true, composed: true, inputType, data }));
}

/** Sends `change`. */
export function tellChange(element: Element): void {
  element.dispatchEvent(new (windowOf(element).Event)('change', { bubbles: true }));
}

/** Sets a field's value past a setter that a framework may have put on it, and tells. @throws InpageError if the field takes no such value */
export function setValue(element: TextField, value: string, inputType = 'insertReplacementText'): void {
  const before = element.value;
  const prototype = hasTag(element, 'input') ? windowOf(element).HTMLInputElement : windowOf(element).HTMLTextAreaElement;
  Object.getOwnPropertyDescriptor(prototype.prototype, 'value')!.set!.call(element, value);
  if (value !== '' && element.value === '') {
    Object.getOwnPropertyDescriptor(prototype.prototype, 'value')!.set!.call(element, before);
    throw new InpageError(
      'invalid-argument',
      `A field of type ${element.type} takes no "${value}". Write ${formats[element.type] ?? 'another value'}.`,
    );
  }
  if (element.value !== before) tellInput(element, inputType, value);
}

const formats: Record<string, string> = {
  date: 'a date like 2026-01-31',
  time: 'a time like 14:05',
  month: 'a month like 2026-01',
  week: 'a week like 2026-W05',
  'datetime-local': 'a date and time like 2026-01-31T14:05',
  color: 'a colour like #ff0000',
  number: 'a number like 12.5',
  range: 'a number like 12.5',
};

/** Puts the caret around all that a field holds. */
export function selectAll(element: Element): void {
  if (hasCaret(element)) element.select();
  else if (!hasTag(element, 'input')) selectContents(element);
}

/** Selects what is in an element, or a part of it. */
export function selectContents(element: Element, range?: Range): void {
  const selection = windowOf(element).getSelection();
  const whole = range ?? element.ownerDocument.createRange();
  if (!range) whole.selectNodeContents(element);
  selection?.removeAllRanges();
  selection?.addRange(whole);
}

/** How an edit went: the browser did it and will send `change` by itself, it was done and told by events, or the page prevented it. */
export type EditOutcome = 'native' | 'sent' | 'prevented';

/** Puts a text in the place of what is selected in the field that has the focus. */
export function insertText(element: Element, text: string, inputType = 'insertText'): EditOutcome {
  return edit(element, text === '' ? 'delete' : 'insertText', text, inputType);
}

/** Deletes what is selected, or the character before or after the caret. */
export function deleteText(element: Element, direction: 'backward' | 'forward'): EditOutcome {
  const command = direction === 'backward' ? 'delete' : 'forwardDelete';
  return edit(element, command, '', direction === 'backward' ? 'deleteContentBackward' : 'deleteContentForward');
}

function edit(element: Element, command: string, text: string, inputType: string): EditOutcome {
  const document = element.ownerDocument;
  const before = contentOf(element);
  const { InputEvent } = windowOf(element);
  const options = { bubbles: true, composed: true, cancelable: true, inputType, data: text || null };
  // Chromium's command leaves it out; editors that draw their text themselves go by it.
  if (!element.dispatchEvent(new InputEvent('beforeinput', options))) return 'prevented';
  // The command gives trusted events, the browser's own undo and `change` when the field is left; nothing else does.
  if (document.hasFocus() && document.execCommand(command, false, text)) return 'native';
  if (contentOf(element) !== before) return 'native';
  if (hasCaret(element)) {
    let [start, end] = [element.selectionStart ?? before.length, element.selectionEnd ?? before.length];
    if (start === end && command === 'delete') start = Math.max(0, start - 1);
    if (start === end && command === 'forwardDelete') end = Math.min(before.length, end + 1);
    const room = element.maxLength >= 0 ? Math.max(0, element.maxLength - (before.length - (end - start))) : text.length;
    element.setRangeText(text.slice(0, room), start, end, 'end');
  } else {
    const selection = windowOf(element).getSelection();
    if (!selection || selection.rangeCount === 0) return 'prevented';
    if (selection.isCollapsed && command !== 'insertText')
      selection.modify('extend', command === 'delete' ? 'backward' : 'forward', 'character');
    selection.getRangeAt(0).deleteContents();
    if (text) selection.getRangeAt(0).insertNode(document.createTextNode(text));
    selection.collapseToEnd();
  }
  tellInput(element, inputType, text || null);
  return 'sent';
}
