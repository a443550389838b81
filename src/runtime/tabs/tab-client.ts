// The side of a tab that calls the leader. The convention of services is that of `rpc.ts`.
import { Channel } from '../../util/async.ts';
import { abortError, deserializeError, type InpageError } from '../../util/errors.ts';
import type { RemoteOptions } from '../rpc.ts';
import type { Post, TabContent } from './tab-message.ts';

interface Pending {
  channel: Channel<unknown>;
  onProgress: RemoteOptions['onProgress'];
}

let calls = 0;

export class TabClient {
  /** The leader that is called. */
  readonly leader: string;
  readonly #post: Post;
  readonly #pending = new Map<number, Pending>();
  #gone: InpageError | undefined;

  constructor(leader: string, post: Post) {
    this.leader = leader;
    this.#post = post;
  }

  /** Why the leader is not called any more. */
  get gone(): InpageError | undefined {
    return this.#gone;
  }

  /** Whether something is waited for. */
  get waiting(): boolean {
    return this.#pending.size > 0;
  }

  /** Calls a method of the leader's service; gives the items of a stream, or the one result. Leaving early aborts it. */
  async *stream(method: string, args: readonly unknown[], { signal, onProgress }: RemoteOptions): AsyncGenerator<unknown> {
    signal?.throwIfAborted();
    if (this.#gone) throw this.#gone;
    const call = calls++;
    const channel = new Channel<unknown>();
    const onAbort = () => channel.end(abortError(signal));
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#pending.set(call, { channel, onProgress });
    try {
      this.#post({ type: 'call', call, method, args, progress: onProgress !== undefined }, this.leader);
      yield* channel;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      // Still pending is what the leader has not ended.
      if (this.#pending.delete(call)) this.#post({ type: 'abort', call }, this.leader);
    }
  }

  /** Takes a message of the leader to this tab. */
  receive(message: TabContent): void {
    if (!('call' in message)) return;
    const pending = this.#pending.get(message.call);
    if (!pending) return;
    const { channel, onProgress } = pending;
    if (message.type === 'progress') onProgress?.(message.progress);
    else if (message.type === 'item') channel.push(message.item);
    else {
      this.#pending.delete(message.call);
      channel.end(message.type === 'error' ? deserializeError(message.error) : undefined);
    }
  }

  /** The leader is gone: all that runs ends with `reason`. */
  fail(reason: InpageError): void {
    this.#gone ??= reason;
    for (const { channel } of this.#pending.values()) channel.end(this.#gone);
    this.#pending.clear();
  }
}
