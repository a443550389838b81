// An error as the reader sees it: what happened, the code, and a way on.
import { type ErrorCode, InpageError } from '../../src/index.ts';
import { h, icon } from './dom.ts';

/** A way out of an error. */
export interface Remedy {
  label: string;
  run: () => void;
}

const advice: Partial<Record<ErrorCode, string>> = {
  'download-declined': 'Nothing was downloaded. Try again when you want to; the question of the download comes again.',
  'model-download-failed': 'Check the connection and try again; what has arrived is kept.',
  'quota-exceeded': 'Remove documents or free some space, then add the rest again.',
  'worker-died': 'Try again: the next call starts a new worker.',
  'embedding-mismatch': 'Delete everything under Storage, then add the documents again.',
};

/** Code of an error for display. */
export function codeOf(error: unknown): string {
  if (InpageError.is(error)) return error.code;
  return error instanceof Error ? error.name : 'Error';
}

/** Message of an error with advice, as one paragraph. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = InpageError.is(error) ? advice[error.code] : undefined;
  return hint ? `${message} ${hint}` : message;
}

export interface ProblemOptions {
  /** Name of the thing that failed, e.g. a file. */
  subject?: string;
  remedy?: Remedy;
  onDismiss?: () => void;
}

/** A notice for an error. */
export function problem(error: unknown, { subject, remedy, onDismiss }: ProblemOptions = {}): HTMLElement {
  const notice = h(
    'div',
    { class: 'problem', role: 'alert' },
    icon('alert'),
    h(
      'div',
      { class: 'problem-body' },
      subject !== undefined && h('strong', { class: 'problem-subject' }, subject),
      h('p', {}, messageOf(error)),
      h('p', { class: 'problem-code' }, h('code', {}, codeOf(error))),
      remedy && h('button', { type: 'button', class: 'text-button', onclick: () => remedy.run() }, remedy.label),
    ),
  );
  if (onDismiss) {
    const close = h(
      'button',
      { type: 'button', class: 'icon-button small', 'aria-label': 'Dismiss', onclick: onDismiss },
      icon('close'),
    );
    notice.append(close);
  }
  return notice;
}
