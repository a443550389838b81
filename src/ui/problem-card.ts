// An error as the reader sees it: what happened in a sentence, a way on, and the message with its code for who wants it.
import { type ErrorCode, InpageError } from '../util/errors.ts';
import { h } from './element.ts';
import type { PanelLabels } from './panel-labels.ts';

const sentences: Partial<Record<ErrorCode, keyof PanelLabels>> = {
  'download-declined': 'problemDeclined',
  'model-download-failed': 'problemConnection',
  'fetch-failed': 'problemConnection',
  'model-not-found': 'problemMissing',
  'out-of-memory': 'problemMemory',
  'quota-exceeded': 'problemStorage',
  'document-empty': 'problemEmpty',
};

/** A notice for an error, with a button that tries again. */
export function problemCard(error: unknown, labels: PanelLabels, retry: () => void): HTMLElement {
  const code = InpageError.is(error) ? error.code : undefined;
  const known = code && sentences[code];
  const message = error instanceof Error ? error.message : String(error);
  return h(
    'div',
    { class: 'card problem', part: 'problem', role: 'alert' },
    h('p', {}, labels[known ?? 'problem']),
    h('button', { type: 'button', class: 'button', onclick: retry }, labels.retry),
    code !== 'download-declined' &&
      h(
        'details',
        {},
        h('summary', {}, labels.details),
        h('p', { dir: 'auto' }, message),
        code && h('p', {}, h('code', {}, code)),
      ),
  );
}
