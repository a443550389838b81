// A model in a worker of its own: asks before it downloads, loads once, and recovers. The worker is the unit of recovery: after a
// failure of the device or the library it is ended, and what it had not begun to answer is asked of a new one, once.
import { keepStorage } from '../runtime/download/storage-room.ts';
import type { Connection, RemoteOptions } from '../runtime/rpc.ts';
import { Watchdog, type Watched } from '../runtime/watchdog.ts';
import { isWorkerFailure, nameFailure } from '../runtime/worker-failure.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { DownloadPlan, LoadProgress } from '../spec/model.ts';
import type { PortProgress } from '../spec/worker-api.ts';
import { Shared } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';
import type { ModelOptions } from './models.ts';
import { type Patience, patienceDefaults, softwareFactor } from './patience.ts';
import { closedError, WorkerHost } from './worker-host.ts';

/** Of the options of a model, those that concern its worker. */
export interface ModelHostOptions
  extends Pick<ModelOptions, 'confirmDownload' | 'onWorkerDeath' | 'onRecover' | 'createWorker' | 'watchdog'> {
  /** First argument of the worker's `configure`; made when the worker starts. */
  configuration: () => unknown;
}

/** A call of the loaded model. */
export interface ModelCall extends Pick<RemoteOptions, 'signal'> {
  /** What the worker does first, and after its first progress. */
  phases: readonly [keyof Patience, keyof Patience];
  /** Patience beyond that of the first phase, in ms. @default 0 */
  more?: number;
}

/** A call as recovery sees it: whether it would be made again if the worker ended now. */
interface Running {
  again: boolean;
  signal: AbortSignal | undefined;
}

/** `slow` is a factor of patience. */
type Loaded<Info> = { info: Info; connection: Connection; slow: number };

export class ModelHost<Info extends { software?: boolean }> {
  readonly #name: string;
  readonly #host: WorkerHost;
  readonly #options: ModelHostOptions;
  readonly #loaded: Shared<Loaded<Info>, LoadProgress>;
  readonly #watchdog: Watchdog;
  readonly #running = new Set<Running>();
  /** Told when the worker is gone. */
  readonly #connected = new Set<(error: InpageError) => void>();
  /** Loads that are going on. */
  #loads = 0;
  /** The calls of another worker are being made again. */
  #connectedAgain = false;
  /** What calls are being made again for. */
  #failure: InpageError | undefined;

  constructor(name: 'llm' | 'embed', options: ModelHostOptions) {
    this.#name = name;
    this.#options = options;
    this.#loaded = new Shared((call) => this.#load(call));
    this.#watchdog = new Watchdog((ms) => this.#end(this.#host.running, this.#silent(ms)));
    this.#host = new WorkerHost(name, {
      start: (connection) => connection.call('configure', [options.configuration(), {}]),
      onDeath: (error) => this.#ended(error),
      create: options.createWorker,
      strict: true,
    });
  }

  async load(options: ProgressOptions<LoadProgress> = {}): Promise<Info> {
    return (await this.#loaded.get(options)).info;
  }

  /** Calls a method of the loaded model; the arguments come without the options object's `signal` and `onProgress`. */
  async call<T>(method: string, args: readonly unknown[], call: ModelCall): Promise<T> {
    const results = this.#repeated(call, async function* (connection, remote) {
      yield await connection.call<T>(method, args, remote);
    });
    return (await results.next()).value as T;
  }

  /** Likewise for a method that gives a stream; after its first item it is not called again. */
  stream<T>(method: string, args: readonly unknown[], call: ModelCall): AsyncGenerator<T> {
    return this.#repeated(call, async function* (connection, { onProgress, ...remote }) {
      for await (const item of connection.stream<T>(method, args, remote)) {
        onProgress();
        yield item;
      }
    });
  }

  /**
   * Lets another worker call this one through a port.
   * @param onLost called once, when nobody is at the other end any more
   */
  async connect(port: MessagePort, onLost: (error: InpageError) => void): Promise<void> {
    const { connection, slow } = await this.#ready();
    // The other worker makes its calls again by itself, once.
    const calls: Running = { again: !this.#connectedAgain, signal: undefined };
    let watched: Watched | undefined;
    const onProgress = ({ running, done }: PortProgress) => {
      if (done) calls.again = true;
      if (running > 0) {
        this.#running.add(calls);
        watched ??= this.#watchdog.watch(this.#patience('embed') * slow);
        watched.progress();
      } else {
        this.#running.delete(calls);
        watched?.end();
        watched = undefined;
      }
    };
    this.#connected.add((error) => {
      this.#connectedAgain = this.#running.delete(calls) && calls.again;
      onLost(error);
    });
    // Lasts as long as the worker, or until a call through the port leaves that unusable.
    connection
      .call('connect', [port, {}], { transfer: [port], onProgress })
      .catch((error) => this.#failed(connection, error, undefined));
  }

  close(): void {
    this.#host.close();
    this.#forget(closedError());
  }

  /** Makes a call of the loaded model, and once more if the worker fails before it has given anything. */
  async *#repeated<T>(
    { signal, phases: [first, next], more = 0 }: ModelCall,
    run: (connection: Connection, remote: RemoteOptions & { onProgress: () => void }) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    for (let again = true; ; again = false) {
      const { connection, slow } = await this.#ready(signal);
      const call: Running = { again, signal };
      const watched = this.#watchdog.watch((this.#patience(first) + more) * slow);
      const onProgress = () => watched.progress(this.#patience(next) * slow);
      this.#running.add(call);
      try {
        for await (const item of run(connection, { signal, onProgress, onSettled: watched.end })) {
          call.again = false;
          yield item;
        }
        return;
      } catch (error) {
        const failure = this.#failed(connection, error, signal);
        if (!call.again || signal?.aborted || !isWorkerFailure(failure)) throw failure;
      } finally {
        this.#running.delete(call);
      }
    }
  }

  /** The loaded model, in a worker that is running. */
  async #ready(signal?: AbortSignal): Promise<Loaded<Info>> {
    for (;;) {
      const loaded = await this.#loaded.get({ signal });
      if (loaded.connection === this.#host.running) return loaded;
      this.#loaded.reset();
    }
  }

  async #load(options: ProgressOptions<LoadProgress>): Promise<Loaded<Info>> {
    const { signal } = options;
    const { onWorkerDeath, onRecover } = this.#options;
    const call: Running = { again: true, signal };
    const consent = { given: false };
    this.#loads++;
    this.#running.add(call);
    try {
      const loaded = await this.#loadOnce(options, consent).catch((error) => {
        // A new worker has no more memory than this one had.
        if (signal?.aborted || !isWorkerFailure(error) || error.code === 'out-of-memory') throw error;
        call.again = false;
        return this.#loadOnce(options, consent);
      });
      if (this.#failure) onRecover?.(this.#failure);
      return loaded;
    } catch (error) {
      if (this.#failure) onWorkerDeath?.(this.#failure);
      throw error;
    } finally {
      this.#running.delete(call);
      this.#loads--;
      this.#failure = undefined;
    }
  }

  async #loadOnce({ signal, onProgress }: ProgressOptions<LoadProgress>, consent: { given: boolean }): Promise<Loaded<Info>> {
    const connection = await this.#watched('start', () => this.#host.connection(signal));
    // A load that is left or fails poisons the library. At once, so that a call that comes now does not join what is ending.
    const leave = () => {
      if (connection === this.#host.running) this.#host.reset(closedError());
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      const plan = await this.#watched('load', () => connection.call<DownloadPlan>('plan', [{}], { signal }));
      if (plan.files.length > 0) {
        consent.given ||= (await this.#options.confirmDownload?.(plan)) ?? true;
        if (!consent.given) throw declined(plan);
        keepStorage();
      }
      const info = await this.#watched('load', ({ progress }) => {
        const tell = (step: LoadProgress) => {
          progress();
          onProgress?.(step);
        };
        return connection.call<Info>('load', [{}], { signal, onProgress: tell });
      });
      return { info, connection, slow: info.software ? softwareFactor : 1 };
    } catch (error) {
      const failure = this.#failed(connection, error, signal);
      leave();
      throw failure;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  async #watched<T>(phase: keyof Patience, work: (watched: Watched) => Promise<T>): Promise<T> {
    const watched = this.#watchdog.watch(this.#patience(phase));
    try {
      return await work(watched);
    } finally {
      watched.end();
    }
  }

  #patience(phase: keyof Patience): number {
    const { watchdog } = this.#options;
    return watchdog === false ? Number.POSITIVE_INFINITY : (watchdog?.[phase] ?? patienceDefaults[phase]);
  }

  #silent(ms: number): InpageError {
    const seconds = Math.round(ms / 1000);
    return new InpageError(
      'no-progress',
      `The ${this.#name} worker made no progress for ${seconds} s and was ended. Call again: a new one is started. ` +
        'Where a device is just that slow, give the model a larger `watchdog`.',
      { detail: { worker: this.#name, ms } },
    );
  }

  /** Names what a call failed by, and ends the worker if that leaves it unusable. */
  #failed(connection: Connection, error: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return error;
    const failure = nameFailure(error);
    if (isWorkerFailure(failure)) this.#end(connection, failure);
    return failure;
  }

  /** Ends the worker of a connection, if nobody has yet. */
  #end(connection: Connection | undefined, error: InpageError): void {
    if (!connection || connection !== this.#host.running) return;
    this.#host.reset(error);
    this.#ended(error);
  }

  #ended(error: InpageError): void {
    const again = [...this.#running].some((call) => call.again && !call.signal?.aborted);
    this.#failure = again ? error : undefined;
    this.#forget(error);
    if (!again) this.#options.onWorkerDeath?.(error);
  }

  #forget(reason: InpageError): void {
    this.#watchdog.reset();
    // A load that is going on ends, or begins anew, by itself.
    if (this.#loads === 0) this.#loaded.reset();
    const connected = [...this.#connected];
    this.#connected.clear();
    for (const lost of connected) lost(reason);
  }
}

function declined({ model, bytes }: DownloadPlan): InpageError {
  return new InpageError(
    'download-declined',
    `The model "${model}" (${bytes} bytes) was not downloaded, because that was declined.`,
    { detail: { model, bytes } },
  );
}
