// Things worth telling that are not errors: storage in memory, a worker that ended, another device.
import type { AssistantEvent } from '../../src/index.ts';
import { h, icon } from './dom.ts';

/** Shows an event of the assistant in `place`; the same message is there only once. */
export function showNotice(place: HTMLElement, event: Extract<AssistantEvent, { message: string }>): void {
  const present = [...place.querySelectorAll('.notice p')].some((paragraph) => paragraph.textContent === event.message);
  if (present) return;
  const notice = h(
    'div',
    { class: 'notice', role: 'status' },
    h('p', {}, event.message),
    h(
      'button',
      { type: 'button', class: 'icon-button small', 'aria-label': 'Dismiss', onclick: () => notice.remove() },
      icon('close'),
    ),
  );
  place.append(notice);
}
