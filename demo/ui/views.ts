// On a narrow screen the chat and the documents are two views; the bar of buttons changes between them.
import { byId } from './dom.ts';

export type View = 'chat' | 'documents';

const buttons = () => document.querySelectorAll<HTMLButtonElement>('.views button');

/** Shows a view; on a wide screen both are there and nothing changes. */
export function showView(view: View): void {
  byId('app').dataset.view = view;
  for (const button of buttons()) button.setAttribute('aria-pressed', String(button.dataset.view === view));
}

/** Binds the bar. */
export function startViews(): void {
  for (const button of buttons()) button.addEventListener('click', () => showView(button.dataset.view as View));
}
