// A dialog for text without a file.
import type { TextSource } from '../../src/index.ts';
import { h, showDialog, uniqueId } from './dom.ts';

/** Asks for a title and a text. @returns undefined if the reader changes their mind */
export async function askForText(): Promise<TextSource | undefined> {
  const titleId = uniqueId('paste');
  const title = h('input', { name: 'title', required: true, maxlength: 200, autofocus: true });
  const text = h('textarea', { name: 'text', required: true, rows: 10 });
  const dialog = h(
    'dialog',
    { class: 'dialog wide', 'aria-labelledby': titleId },
    h(
      'form',
      { method: 'dialog' },
      h('h2', { id: titleId }, 'Paste text'),
      h('label', { class: 'field' }, 'Title', title),
      h('label', { class: 'field' }, 'Text', text),
      h(
        'div',
        { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, 'Cancel'),
        h('button', { class: 'button primary', value: 'add' }, 'Add'),
      ),
    ),
  );
  const answer = await showDialog(dialog);
  return answer === 'add' ? { title: title.value.trim(), text: text.value } : undefined;
}
