// The turns of a session, kept in sessionStorage so that a reload shows them again.

const limit = 40;

/** Finished turns, oldest first. */
export class Conversation<Turn> {
  readonly #key: string;
  #turns: Turn[] = [];

  /** @param key where they are kept */
  constructor(key: string) {
    this.#key = key;
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
      if (Array.isArray(kept)) this.#turns = kept;
    } catch {
      // Nothing kept that can be read: a new conversation.
    }
  }

  get turns(): readonly Turn[] {
    return this.#turns;
  }

  /** Keeps a turn; the oldest go once there are more than 40. */
  add(turn: Turn): void {
    this.#turns = [...this.#turns, turn].slice(-limit);
    this.#write();
  }

  clear(): void {
    this.#turns = [];
    this.#write();
  }

  #write(): void {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.#turns));
    } catch {
      // Full or forbidden: the conversation lives until the page is closed.
    }
  }
}
