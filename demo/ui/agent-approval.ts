// Asks the reader before a call of the agent, beside the page, so that what it is about stays in sight.
import { byId } from './dom.ts';

/** Approvals of one run. */
export class Approvals {
  #all: boolean;
  readonly #signal: AbortSignal;

  /** @param ask false allows everything */
  constructor(ask: boolean, signal: AbortSignal) {
    this.#all = !ask;
    this.#signal = signal;
  }

  /** Asks, unless everything is allowed. @param what the call in words */
  async ask(what: string): Promise<boolean> {
    if (this.#all) return true;
    const box = byId('approval');
    byId('approval-text').textContent = `May the agent ${what}?`;
    box.hidden = false;
    try {
      return await new Promise<boolean>((resolve) => {
        byId('allow').onclick = () => resolve(true);
        byId('allow-all').onclick = () => {
          this.#all = true;
          resolve(true);
        };
        byId('refuse').onclick = () => resolve(false);
        this.#signal.addEventListener('abort', () => resolve(false), { once: true });
      });
    } finally {
      box.hidden = true;
    }
  }
}
