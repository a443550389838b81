// Asks before something is lost.
import { h, showDialog, uniqueId } from './dom.ts';

export interface ConfirmOptions {
  title: string;
  text: string;
  /** Label of the button that does it. */
  action: string;
}

/** Whether the reader agrees. Escape and a click beside the dialog mean no. */
export async function confirm({ title, text, action }: ConfirmOptions): Promise<boolean> {
  const [titleId, textId] = [uniqueId('confirm'), uniqueId('confirm')];
  const answer = await showDialog(
    h(
      'dialog',
      { class: 'dialog', role: 'alertdialog', 'aria-labelledby': titleId, 'aria-describedby': textId },
      h(
        'form',
        { method: 'dialog' },
        h('h2', { id: titleId }, title),
        h('p', { id: textId }, text),
        h(
          'div',
          { class: 'dialog-actions' },
          h('button', { class: 'button', value: 'no', autofocus: true }, 'Cancel'),
          h('button', { class: 'button danger', value: 'yes' }, action),
        ),
      ),
    ),
  );
  return answer === 'yes';
}
