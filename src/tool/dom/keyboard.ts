// A keyboard: the events of a key, and what the browser does on it where scripts cannot make it do so.
import { deleteText, editableAround, hasCaret, insertText, selectAll, setValue, tellChange } from './editing.ts';
import { type Chord, keyOfCharacter, parseKeys } from './keys.ts';
import { isEditingHost } from './kinds.ts';
import { activeElement, hasTag, windowOf } from './tree.ts';

/** The keyboard, with a clipboard of its own: the user's is left alone. */
export class Keyboard {
  #clipboard = '';

  /** Types a text where the caret is, a key a character. @returns false if the browser will not send `change` by itself */
  type(target: Element, text: string): boolean {
    let native = true;
    for (const character of text.replace(/\r\n?/g, '\n')) {
      const current = activeElement(target.ownerDocument) ?? target;
      const { shiftKey, ...key } = keyOfCharacter(character);
      const chord: Chord = { ...key, ctrlKey: false, altKey: false, metaKey: false, shiftKey };
      const goesOn = send(current, 'keydown', chord) && send(current, 'keypress', chord);
      const field = editableAround(current);
      if (goesOn && character === '\n' && field && hasTag(field, 'input')) this.#enter(field);
      else if (goesOn && field && isWritable(field)) native = insertText(field, character) === 'native' && native;
      send(current, 'keyup', chord);
    }
    return native;
  }

  /** Presses keys by name, as {@link parseKeys} takes them. */
  press(target: Element, name: string): void {
    const chord = parseKeys(name);
    const isPrintable = chord.key.length === 1 && !chord.ctrlKey && !chord.metaKey && !chord.altKey;
    let goesOn = send(target, 'keydown', chord);
    if (goesOn && (isPrintable || chord.key === 'Enter')) goesOn = send(target, 'keypress', chord);
    if (goesOn) this.#act(target, chord, isPrintable);
    const after = activeElement(target.ownerDocument) ?? target;
    const released = send(after.isConnected ? after : target, 'keyup', chord);
    if (goesOn && released && chord.key === ' ' && isPressable(target)) (target as HTMLElement).click();
  }

  #act(target: Element, chord: Chord, isPrintable: boolean): void {
    const field = editableAround(target);
    const writable = field && isWritable(field) ? field : undefined;
    if (chord.ctrlKey || chord.metaKey) this.#command(target, chord.key.toLowerCase());
    else if (chord.key === 'Enter') this.#enter(target);
    else if (chord.key === 'Tab') moveTab(target, chord.shiftKey);
    else if (hasTag(target, 'select') || (hasTag(target, 'input') && /^(?:range|number)$/.test(target.type)))
      step(target, chord.key);
    else if (!writable) scrollBy(target, chord.key);
    else if (isPrintable) insertText(writable, chord.key);
    else if (chord.key === 'Backspace') deleteText(writable, 'backward');
    else if (chord.key === 'Delete') deleteText(writable, 'forward');
    else moveCaret(writable, chord);
  }

  #enter(target: Element): void {
    if (hasTag(target, 'textarea') || (editableAround(target) && !hasTag(target, 'input'))) {
      const field = editableAround(target)!;
      if (isWritable(field)) insertText(field, '\n', 'insertLineBreak');
    } else if (hasTag(target, 'input') && !/^(?:button|submit|reset|image|checkbox|radio|file)$/.test(target.type)) {
      submitImplicitly(target);
    } else if (isPressable(target) || hasTag(target, 'a')) (target as HTMLElement).click();
  }

  /** What is done with Control or Command. */
  #command(target: Element, key: string): void {
    const field = editableAround(target);
    if (key === 'a') selectAll(field ?? target.ownerDocument.body);
    if (key === 'c' || key === 'x') {
      const text = selectedText(target);
      if (!sendClipboard(target, key === 'c' ? 'copy' : 'cut', text) || text === '') return;
      this.#clipboard = text;
      if (key === 'x' && field && isWritable(field)) deleteText(field, 'backward');
    }
    if (key === 'v' && sendClipboard(target, 'paste', this.#clipboard) && field && isWritable(field))
      insertText(field, this.#clipboard, 'insertFromPaste');
  }
}

/** What is selected, in a field or in the page. */
export function selectedText(target: Element): string {
  if (hasCaret(target)) return target.value.slice(target.selectionStart ?? 0, target.selectionEnd ?? 0);
  return windowOf(target).getSelection()?.toString() ?? '';
}

function send(target: Element, type: string, { key, code, keyCode, ...held }: Chord): boolean {
  const code_ = type === 'keypress' ? (key === 'Enter' ? 13 : (key.codePointAt(0) ?? 0)) : keyCode;
  const init = { bubbles: true, cancelable: true, composed: true, key, code, keyCode: code_, which: code_, ...held };
  return target.dispatchEvent(
    new (windowOf(target).KeyboardEvent)(type, { ...init, ...(type === 'keypress' && { charCode: code_ }) }),
  );
}

function sendClipboard(target: Element, type: string, text: string): boolean {
  const { ClipboardEvent, DataTransfer } = windowOf(target);
  const clipboardData = new DataTransfer();
  if (type === 'paste') clipboardData.setData('text/plain', text);
  return target.dispatchEvent(new ClipboardEvent(type, { bubbles: true, cancelable: true, composed: true, clipboardData }));
}

function isWritable(field: Element): boolean {
  if (hasCaret(field)) return !field.readOnly && !field.matches(':disabled');
  return isEditingHost(field);
}

function isPressable(target: Element): boolean {
  return (
    hasTag(target, 'button', 'summary') ||
    (hasTag(target, 'input') && /^(?:button|submit|reset|checkbox|radio)$/.test(target.type))
  );
}

/** Sends the form of a field as Enter does: through its first submit button, or without one where it is the only field. */
function submitImplicitly(field: HTMLInputElement): void {
  const { form } = field;
  tellChange(field);
  if (!form) return;
  const elements = [...form.elements] as HTMLInputElement[];
  const button = elements.find((element) => /^(?:submit|image)$/.test(element.type));
  if (button) button.click();
  else if (elements.filter((element) => hasCaret(element)).length <= 1) form.requestSubmit();
}

/** Gives the focus to the next thing that takes it. */
function moveTab(target: Element, back: boolean): void {
  const all = [
    ...target.ownerDocument.querySelectorAll<HTMLElement>(
      'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]',
    ),
  ].filter((element) => element.tabIndex >= 0 && !element.matches(':disabled') && element.checkVisibility());
  const place = all.indexOf(target as HTMLElement);
  const next = all[place < 0 ? (back ? all.length - 1 : 0) : place + (back ? -1 : 1)];
  if (next) next.focus();
  else (target as HTMLElement).blur();
  if (next && hasCaret(next)) next.select();
}

function step(target: HTMLSelectElement | HTMLInputElement, key: string): void {
  const up = hasTag(target, 'select') ? /^Arrow(?:Up|Left)$/ : /^Arrow(?:Up|Right)$/;
  if (!key.startsWith('Arrow')) return;
  if (hasTag(target, 'select')) {
    const next = target.selectedIndex + (up.test(key) ? -1 : 1);
    if (next < 0 || next >= target.options.length) return;
    target.selectedIndex = next;
    target.dispatchEvent(new (windowOf(target).Event)('input', { bubbles: true, composed: true }));
  } else {
    const field = target as HTMLInputElement;
    const before = field.value;
    if (up.test(key)) field.stepUp();
    else field.stepDown();
    const after = field.value;
    if (after === before) return;
    field.value = before;
    setValue(field, after);
  }
  tellChange(target);
}

function moveCaret(field: Element, { key, shiftKey }: Chord): void {
  const selection = windowOf(field).getSelection();
  const moves: Record<string, [string, string]> = {
    ArrowLeft: ['backward', 'character'],
    ArrowRight: ['forward', 'character'],
    ArrowUp: ['backward', 'line'],
    ArrowDown: ['forward', 'line'],
    Home: ['backward', 'lineboundary'],
    End: ['forward', 'lineboundary'],
  };
  const move = moves[key];
  if (move) selection?.modify(shiftKey ? 'extend' : 'move', ...move);
}

function scrollBy(target: Element, key: string): void {
  const pages: Record<string, number> = { PageDown: 0.9, PageUp: -0.9, ArrowDown: 0.1, ArrowUp: -0.1, End: 1e6, Home: -1e6 };
  const share = pages[key];
  if (share === undefined) return;
  const scroller = target.closest('*') ?? target;
  scroller.scrollBy?.({ top: share * scroller.clientHeight, behavior: 'instant' });
}
