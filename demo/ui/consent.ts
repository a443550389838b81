// Asks before a model is downloaded: every file with its size, from where, and what stays on the device.
import type { DownloadPlan, ModelFile } from '../../src/index.ts';
import { bytes } from '../../src/ui/bytes.ts';
import { h, showDialog, uniqueId } from './dom.ts';

function origin(files: readonly ModelFile[]): string {
  const first = files[0];
  const url = new URL(first?.url ?? location.href, location.href);
  return url.origin === location.origin ? 'this site' : url.host;
}

function size(value: number | undefined): string {
  return value === undefined ? 'size not known' : bytes(value);
}

function fileRow({ path, bytes, stored = 0 }: ModelFile): HTMLElement {
  // What an interrupted download has left does not come again.
  const left = bytes === undefined ? undefined : bytes - stored;
  const exact = left === undefined ? undefined : `${left.toLocaleString('en')} bytes`;
  return h('tr', {}, h('th', { scope: 'row' }, path), h('td', { title: exact }, size(left)));
}

/** A dialog that shows the plan; resolves with the reader's choice. Escape means not now. */
export async function askConsent(plan: DownloadPlan): Promise<boolean> {
  const [titleId, textId] = [uniqueId('consent'), uniqueId('consent')];
  const unknown = plan.files.some((file) => file.bytes === undefined);
  const answer = await showDialog(
    h(
      'dialog',
      { class: 'dialog consent', 'aria-labelledby': titleId, 'aria-describedby': textId },
      h(
        'form',
        { method: 'dialog' },
        h('p', { class: 'eyebrow' }, 'Needed once'),
        h('h2', { id: titleId }, `Download ${unknown ? 'at least ' : ''}${bytes(plan.bytes)}?`),
        h(
          'p',
          { id: textId },
          `The model ${plan.model} comes from ${origin(plan.files)} and is kept in this browser. `,
          'It then runs on this device: your documents and questions are sent nowhere.',
        ),
        h(
          'table',
          { class: 'files' },
          h('caption', {}, plan.model),
          h(
            'thead',
            { class: 'visually-hidden' },
            h('tr', {}, h('th', { scope: 'col' }, 'File'), h('th', { scope: 'col' }, 'Size')),
          ),
          h('tbody', {}, ...plan.files.map(fileRow)),
          h(
            'tfoot',
            {},
            h('tr', {}, h('th', { scope: 'row' }, 'Together'), h('td', {}, `${plan.bytes.toLocaleString('en')} bytes`)),
          ),
        ),
        h(
          'div',
          { class: 'dialog-actions' },
          h('button', { class: 'button', value: 'no' }, 'Not now'),
          h('button', { class: 'button primary', value: 'yes', autofocus: true }, 'Download'),
        ),
      ),
    ),
  );
  return answer === 'yes';
}

/** Puts plans in a row, so that one dialog is open at a time. */
export function consentQueue(): (plan: DownloadPlan) => Promise<boolean> {
  let turn: Promise<unknown> = Promise.resolve();
  return (plan) => {
    const answer = turn.then(() => askConsent(plan));
    turn = answer;
    return answer;
  };
}
