// Who waits for tokens goes before who works through a pile. Workers and tabs of one origin share a processor but no queue, so the
// foreground holds a Web Lock, and the background looks whether it is held. Without Web Locks nobody gives way.

const lock = 'inpage-foreground';

/** Says that somebody waits for what is being computed, until the function that it gives is called. */
export function holdForeground(): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  globalThis.navigator?.locks?.request(lock, { mode: 'shared' }, () => held).catch(() => {});
  return release;
}

/** The background takes this share of the time beside a foreground that never ends: it must not starve either. */
const share = 1 / 5;

/** Work in pieces that nobody waits for at the moment. */
export class Background {
  /** How long the last piece took, in ms. */
  #last = 0;

  /** A piece took so long, in ms. */
  worked(ms: number): void {
    this.#last = ms;
  }

  /** Waits until nobody is in the foreground, or until the background has its share. Rejects when the signal aborts. */
  async giveWay(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const locks = globalThis.navigator?.locks;
    if (!locks || this.#last === 0) return;
    const enough = AbortSignal.timeout(this.#last * (1 / share - 1));
    const until = signal ? AbortSignal.any([signal, enough]) : enough;
    // The lock is had once everybody has let go of it.
    await locks.request(lock, { signal: until }, () => {}).catch(() => signal?.throwIfAborted());
  }
}
