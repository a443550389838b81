// Change feed: stores of one name tell each other that the collection has changed; in other tabs and workers through a
// BroadcastChannel, in the same worker at once.

const local = new Map<string, Set<ChangeFeed>>();

export interface ChangeListener {
  /** What is in memory may be old; called before the change is acknowledged where that is possible. */
  onBehind(): void;
  /** Another store has changed the collection. */
  onChange(): void;
}

export class ChangeFeed {
  readonly #name: string;
  readonly #listener: ChangeListener;
  #channel: BroadcastChannel | undefined;

  constructor(name: string, listener: ChangeListener) {
    this.#name = name;
    this.#listener = listener;
    this.#channel = openChannel(name);
    if (this.#channel) {
      this.#channel.onmessage = () => {
        listener.onBehind();
        listener.onChange();
      };
    }
    const feeds = local.get(name) ?? new Set();
    local.set(name, feeds.add(this));
  }

  /** Whether changes in other tabs are heard of. */
  get hears(): boolean {
    return this.#channel !== undefined;
  }

  /** Tells the others. */
  announce(epoch: number): void {
    for (const feed of local.get(this.#name) ?? []) if (feed !== this) feed.#listener.onBehind();
    this.#channel?.postMessage(epoch);
  }

  /** Ends hearing; `announce` still works until `close`. */
  mute(): void {
    if (this.#channel) this.#channel.onmessage = null;
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
    const feeds = local.get(this.#name);
    feeds?.delete(this);
    if (feeds?.size === 0) local.delete(this.#name);
  }
}

/** Tells the stores of a name that their collection was deleted. */
export function announceDeletion(name: string): void {
  const feed = new ChangeFeed(name, { onBehind() {}, onChange() {} });
  feed.announce(-1);
  feed.close();
}

function openChannel(name: string): BroadcastChannel | undefined {
  return typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(`inpage:${name}`);
}
