// Says to screen readers what changes elsewhere on the page.
import { byId } from './dom.ts';

/** Announces a short sentence, politely. */
export function announce(message: string): void {
  byId('status').textContent = message;
}
