// Run in a page before everything else: its workers can be broken, from outside by ending them without a word, and from inside.
{
  /** @type {Record<string, { worker: Worker, name: string }>} */
  const newest = {};
  const channel = new BroadcastChannel('faults');
  const faults = {
    /** @type {Record<string, number>} Workers started so far, by kind. */
    started: { llm: 0, embed: 0, store: 0 },
    /** @type {Record<string, boolean>} Whether the newest has said a word. */
    alive: {},
    /** @param {string} kind */
    kill: (kind) => newest[kind]?.worker.terminate(),
    /** @param {string} kind @param {string} fault */
    fail: (kind, fault) => channel.postMessage({ worker: newest[kind]?.name, fault }),
  };
  const Original = Worker;
  globalThis.Worker = class extends Original {
    /** @param {string | URL} url @param {WorkerOptions} [options] */
    constructor(url, options) {
      const kind = /(\w+)\.worker/.exec(String(url))?.[1] ?? '';
      const number = (faults.started[kind] ?? 0) + 1;
      faults.started[kind] = number;
      const name = `${kind}-${number}-${Math.random()}`;
      super(`/faults/worker.js?module=${encodeURIComponent(String(url))}`, { ...options, name });
      newest[kind] = { worker: this, name };
      faults.alive[kind] = false;
      this.addEventListener(
        'message',
        () => {
          faults.alive[kind] = true;
        },
        { once: true },
      );
    }
  };
  Object.assign(globalThis, { faults });
}
