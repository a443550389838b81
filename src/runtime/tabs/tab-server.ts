// The leader's side: does what other tabs ask for, and stops what was asked by a tab that is gone.
import { serializeError } from '../../util/errors.ts';
import type { Service } from '../rpc.ts';
import { invoke } from './invoke.ts';
import { type Post, type TabContent, tabLock } from './tab-message.ts';

type Call = Extract<TabContent, { type: 'call' }>;

export class TabServer {
  readonly #service: Service;
  readonly #post: Post;
  /** By tab and number, in order of arrival. */
  readonly #calls = new Map<string, { from: string; controller: AbortController }>();
  /** Tabs whose end will be noticed. */
  readonly #tabs = new Set<string>();
  readonly #questions = new Map<number, { from: string; settle: (answer: unknown) => void }>();
  #asked = 0;
  readonly #closed = new AbortController();

  constructor(service: Service, post: Post) {
    this.#service = service;
    this.#post = post;
  }

  /** Takes a message of another tab to this one. */
  receive(message: TabContent, from: string): void {
    if (message.type === 'call') void this.#run(message, from);
    else if (message.type === 'abort') this.#calls.get(key(from, message.call))?.controller.abort();
    else if (message.type === 'answer') this.#settle(message.question, message.answer);
  }

  /** Asks the tabs that wait, the longest waiting first, until one answers; undefined if none does. */
  async ask(about: unknown): Promise<unknown> {
    for (const { from } of [...this.#calls.values()]) {
      if (!this.#tabs.has(from)) continue;
      const question = this.#asked++;
      const answer = await new Promise((settle) => {
        this.#questions.set(question, { from, settle });
        this.#post({ type: 'ask', question, about }, from);
      });
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** Stops without a word: another leader will be asked. */
  close(): void {
    this.#closed.abort();
    for (const { controller } of this.#calls.values()) controller.abort();
    for (const question of this.#questions.keys()) this.#settle(question, undefined);
  }

  async #run({ call, method, args, progress: wanted }: Call, from: string): Promise<void> {
    this.#notice(from);
    const controller = new AbortController();
    this.#calls.set(key(from, call), { from, controller });
    const say = (content: TabContent) => {
      if (!controller.signal.aborted) this.#post(content, from);
    };
    const { signal } = controller;
    try {
      const onProgress = wanted ? (progress: unknown) => say({ type: 'progress', call, progress }) : undefined;
      for await (const item of invoke(this.#service, method, args, { signal, onProgress })) say({ type: 'item', call, item });
      say({ type: 'end', call });
    } catch (error) {
      say({ type: 'error', call, error: serializeError(error) });
    } finally {
      this.#calls.delete(key(from, call));
    }
  }

  /** Gets the lock of a tab, which it holds for as long as it lives. */
  #notice(from: string): void {
    if (this.#tabs.has(from)) return;
    this.#tabs.add(from);
    navigator.locks.request(tabLock(from), { signal: this.#closed.signal }, () => this.#drop(from)).catch(() => {});
  }

  #drop(gone: string): void {
    this.#tabs.delete(gone);
    for (const { from, controller } of this.#calls.values()) if (from === gone) controller.abort();
    for (const [question, { from }] of this.#questions) if (from === gone) this.#settle(question, undefined);
  }

  #settle(question: number, answer: unknown): void {
    this.#questions.get(question)?.settle(answer);
    this.#questions.delete(question);
  }
}

function key(from: string, call: number): string {
  return `${from} ${call}`;
}
