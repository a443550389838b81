// One engine for many tabs. Tabs that want the same engine queue for a Web Lock; the one that holds it leads: it runs the engine, and
// the others call it over a BroadcastChannel. When the leader closes, crashes or falls silent the next tab takes its place; calls
// that had given nothing yet are made again there.
// A SharedWorker would not do: it cannot be ended, which is how an engine recovers, and it cannot start workers everywhere.
import { abortable } from '../../util/async.ts';
import { InpageError } from '../../util/errors.ts';
import type { RemoteOptions, Service } from '../rpc.ts';
import { invoke } from './invoke.ts';
import { TabClient } from './tab-client.ts';
import { type TabContent, type TabMessage, tabLock } from './tab-message.ts';
import { TabServer } from './tab-server.ts';

/** What the engine of a leader may say to the tabs. */
export interface TabPeers {
  /** Asks a tab that waits for the engine for a decision. */
  ask(about: unknown): Promise<unknown>;
  /** Tells all tabs. */
  tell(notice: unknown): void;
}

export interface TabEngineOptions {
  /** Tabs that name the same engine share it. */
  name: string;
  /** Makes the engine, in the tab that leads. */
  create: (peers: TabPeers) => { service: Service; close: () => Promise<void> | void };
  /** Decides for the leader; an error counts as `false`. */
  onAsk: (about: never) => unknown;
  onNotice: (notice: never) => void;
}

/** A tab that leads. */
interface Lead {
  readonly server: TabServer;
  readonly close: () => Promise<void> | void;
  /** Calls of this tab that run. */
  running: number;
  /** Why it does not lead any more. */
  gone: InpageError | undefined;
  stream: TabClient['stream'];
}

const protocol = 1;

/** A leader that is asked something every second and says nothing so many times has stopped: frozen by the browser, for instance. */
const patience = 5;

/** Whether this browser lets tabs share an engine. */
export function canShareTabs(): boolean {
  return typeof BroadcastChannel !== 'undefined' && Boolean(globalThis.navigator?.locks);
}

export class TabEngine {
  readonly #options: TabEngineOptions;
  readonly #id = crypto.randomUUID();
  readonly #closed = new AbortController();
  #channel: BroadcastChannel | undefined;
  #seat: Lead | TabClient | undefined;
  #waiting = new Set<() => void>();
  /** Gives up the lock, or the place in the queue for it. */
  #resign = () => {};
  #timer: ReturnType<typeof setInterval> | undefined;
  #heard = false;
  #missed = 0;

  constructor(options: TabEngineOptions) {
    this.#options = options;
  }

  /** Whether the engine runs in this tab. */
  get leading(): boolean {
    return this.#lead !== undefined;
  }

  /** Calls a method of the engine, here or in the tab that leads; the last argument is its options. */
  async call<T>(method: string, args: readonly unknown[], options: RemoteOptions = {}): Promise<T> {
    const results: T[] = [];
    for await (const result of this.stream<T>(method, args, options)) results.push(result);
    return results[0]!;
  }

  /** Likewise for a method that gives a stream. After its first item it is not called again. */
  async *stream<T>(method: string, args: readonly unknown[], options: RemoteOptions = {}): AsyncGenerator<T> {
    for (;;) {
      const seat = await this.#seated(options.signal);
      let begun = false;
      try {
        for await (const item of seat.stream(method, args, options)) {
          begun = true;
          yield item as T;
        }
        return;
      } catch (error) {
        if (!seat.gone || options.signal?.aborted) throw error;
        if (begun) throw seat.gone;
      }
    }
  }

  /** Takes part no more; if this tab leads, another takes its place. Running calls reject with `closed`. */
  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const closed = new InpageError('closed', 'This was closed. Create a new one to go on.');
    this.#closed.abort(closed);
    clearInterval(this.#timer);
    const lead = this.#lead;
    if (this.#seat instanceof TabClient) this.#seat.fail(closed);
    lead?.server.close();
    await lead?.close();
    this.#resign();
    this.#channel?.close();
  }

  get #lead(): Lead | undefined {
    return this.#seat instanceof TabClient ? undefined : this.#seat;
  }

  /** The engine, or the way to it. */
  async #seated(signal: AbortSignal | undefined): Promise<Lead | TabClient> {
    this.#closed.signal.throwIfAborted();
    signal?.throwIfAborted();
    this.#join();
    this.#watch();
    const either = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal;
    while (!this.#seat) {
      let wake = () => {};
      const arrival = new Promise<void>((resolve) => {
        wake = resolve;
      });
      this.#waiting.add(wake);
      await abortable(arrival, either).finally(() => this.#waiting.delete(wake));
    }
    return this.#seat;
  }

  #join(): void {
    if (this.#channel) return;
    this.#channel = new BroadcastChannel(`inpage-engine-${protocol}-${this.#options.name}`);
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    // Others notice by this when this tab is gone.
    const life = new Promise<void>((resolve) => this.#closed.signal.addEventListener('abort', () => resolve()));
    navigator.locks.request(tabLock(this.#id), () => life).catch(() => {});
    this.#queue({});
    this.#post({ type: 'hello' });
  }

  /** Queues for the lead, or takes it from one that is silent. */
  #queue(how: { steal?: boolean }): void {
    const place = new AbortController();
    this.#resign = () => place.abort();
    let lead: Lead | undefined;
    const hold = () => {
      if (this.#closed.signal.aborted) return;
      lead = this.#takeLead();
      return new Promise<void>((resolve) => {
        this.#resign = resolve;
      });
    };
    const lock = `inpage-engine-${protocol}-${this.#options.name}`;
    navigator.locks.request(lock, how.steal ? how : { signal: place.signal }, hold).catch(() => {
      // Another tab took the lead, having heard nothing from this one.
      if (lead) this.#loseLead(lead);
    });
  }

  #takeLead(): Lead {
    const peers: TabPeers = {
      ask: async (about) => (lead.running > 0 ? undefined : await lead.server.ask(about)) ?? this.#decide(about),
      tell: (notice) => {
        this.#options.onNotice(notice as never);
        this.#post({ type: 'notice', notice });
      },
    };
    const { service, close } = this.#options.create(peers);
    const lead: Lead = {
      server: new TabServer(service, (content, to) => this.#post(content, to)),
      close,
      running: 0,
      gone: undefined,
      async *stream(method, args, options) {
        lead.running++;
        try {
          yield* invoke(service, method, args, options);
        } finally {
          lead.running--;
        }
      },
    };
    this.#sit(lead);
    this.#post({ type: 'leader' });
    return lead;
  }

  #loseLead(lead: Lead): void {
    lead.gone = handedOver();
    lead.server.close();
    void lead.close();
    if (this.#seat === lead) this.#seat = undefined;
    if (this.#closed.signal.aborted) return;
    this.#queue({});
    this.#post({ type: 'hello' });
  }

  #sit(seat: Lead | TabClient): void {
    if (this.#seat instanceof TabClient) this.#seat.fail(handedOver());
    this.#seat = seat;
    this.#missed = 0;
    for (const wake of this.#waiting) wake();
  }

  #receive(message: TabMessage): void {
    const { from, to, type } = message;
    if (to !== undefined && to !== this.#id) return;
    const lead = this.#lead;
    if (type === 'notice') this.#options.onNotice(message.notice as never);
    else if (!lead) this.#follow(message);
    // The word of another leader means nothing here: the lock decides.
    else if (type === 'hello') this.#post({ type: 'leader' }, from);
    else lead.server.receive(message, from);
  }

  /** Takes the word of the leader. */
  #follow(message: Exclude<TabMessage, { type: 'notice' }>): void {
    const { from, type } = message;
    if (type === 'hello') return;
    this.#heard = true;
    const known = this.#seat instanceof TabClient && this.#seat.leader === from ? this.#seat : undefined;
    if (type === 'leader') {
      if (!known) this.#sit(new TabClient(from, (content, to) => this.#post(content, to)));
    } else if (type === 'ask') {
      void this.#decide(message.about).then((answer) => this.#post({ type: 'answer', question: message.question, answer }, from));
    } else known?.receive(message);
  }

  async #decide(about: unknown): Promise<unknown> {
    try {
      return await this.#options.onAsk(about as never);
    } catch {
      return false;
    }
  }

  /** Asks for a sign of life every second for as long as something is waited for. */
  #watch(): void {
    if (this.#timer !== undefined) return;
    this.#heard = true;
    this.#timer = setInterval(() => {
      const waits = this.#waiting.size > 0 || (this.#seat instanceof TabClient && this.#seat.waiting);
      if (!waits) {
        clearInterval(this.#timer);
        this.#timer = undefined;
        return;
      }
      // Ticks are counted, not time: a tab that was slowed down itself must not think that the leader was.
      this.#missed = this.#heard ? 0 : this.#missed + 1;
      this.#heard = false;
      if (this.#missed < patience) this.#post({ type: 'hello' });
      else this.#steal();
    }, 1000);
  }

  #steal(): void {
    this.#missed = 0;
    this.#resign();
    this.#queue({ steal: true });
  }

  #post(content: TabContent, to?: string): void {
    if (this.#closed.signal.aborted) return;
    this.#channel?.postMessage({ ...content, from: this.#id, ...(to !== undefined && { to }) } satisfies TabMessage);
  }
}

function handedOver(): InpageError {
  return new InpageError(
    'worker-died',
    'The tab that ran the model was closed, or stopped answering, in the middle of the call. Call again: another tab takes its place.',
  );
}
