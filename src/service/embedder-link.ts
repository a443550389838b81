// The embedder as the worker of the collection sees it: at the other end of a port, which another takes the place of when its worker
// has failed. A call that fails with its worker is made once more, of the next one.
import { Connection } from '../runtime/rpc.ts';
import { isWorkerFailure, nameFailure } from '../runtime/worker-failure.ts';
import type { Embedder } from '../spec/embedder.ts';
import { abortable } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';

export class EmbedderLink {
  #connection: Connection | undefined;
  /** Pieces of work that need an embedder. */
  #users = 0;
  /** Calls that wait for the next connection. */
  #waiting: { resolve: (connection: Connection) => void; reject: (error: InpageError) => void }[] = [];

  readonly #embedder: Embedder = {
    load: ({ signal, onProgress } = {}) => this.#call((remote) => remote.call('load', [{}], { signal, onProgress }), signal),
    embed: (texts, { kind, priority, signal } = {}) =>
      this.#call((remote) => remote.call('embed', [texts, { kind, priority }], { signal }), signal),
    close: async () => {},
  };

  /**
   * Works with the embedder. If that is lost meanwhile, its calls wait for the next one.
   * @throws InpageError `worker-died` if there is none
   */
  async use<T>(work: (embedder: Embedder) => Promise<T>): Promise<T> {
    if (!this.#connection) throw new InpageError('worker-died', 'The embedding model is not connected. Call again.');
    this.#users++;
    try {
      return await work(this.#embedder);
    } finally {
      this.#users--;
    }
  }

  /** Puts an embedder at the other end. */
  set(port: MessagePort): void {
    const connection = new Connection(port);
    this.#connection = connection;
    for (const { resolve } of this.#waiting.splice(0)) resolve(connection);
  }

  /**
   * The embedder is gone. If it was already, the next one will not come.
   * @returns whether it is waited for
   */
  drop(reason: InpageError): boolean {
    if (this.#connection) {
      this.#connection.fail(reason);
      this.#connection = undefined;
      return this.#users > 0;
    }
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
    return false;
  }

  async #call<T>(call: (connection: Connection) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const connection = this.#connection ?? (await this.#next(signal));
    try {
      return await call(connection);
    } catch (error) {
      if (signal?.aborted || !isWorkerFailure(nameFailure(error))) throw error;
      // There may be another already.
      const other = this.#connection === connection ? undefined : this.#connection;
      return call(other ?? (await this.#next(signal)));
    }
  }

  #next(signal: AbortSignal | undefined): Promise<Connection> {
    return abortable(new Promise((resolve, reject) => this.#waiting.push({ resolve, reject })), signal);
  }
}
