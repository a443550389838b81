// Calls across a worker boundary, over Comlink: typed errors survive, calls can be aborted, report progress and stream.
// Convention: a service method takes an options object last; `signal` and `onProgress` in it are supplied on the far side.
import * as Comlink from 'comlink';
import { abortable, Channel } from '../util/async.ts';
import { abortError, deserializeError, InpageError, type SerializedError, serializeError } from '../util/errors.ts';

/** What `expose` takes: methods whose last parameter is their options. */
export type Service = { readonly [method: string]: (...args: never[]) => unknown };

/** Options of a call that stay on this side. */
export interface RemoteOptions {
  signal?: AbortSignal | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: the type is the called method's.
  onProgress?: ((progress: any) => void) | undefined;
  /** Objects in the arguments that are moved, not copied. */
  transfer?: Transferable[];
  /** Called once the other side is done with the call; after an abort that may be later than the call ends here. */
  onSettled?: (() => void) | undefined;
}

/** Sent through the port of one call: page → worker `abort`, worker → page the rest. */
type ControlMessage = { abort: true } | { progress: unknown } | { item: unknown } | { end: true } | { error: SerializedError };

interface Wire {
  invoke(method: string, args: unknown[], control?: MessagePort): Promise<unknown>;
}

type WireValue = { value: unknown };
type ThrowHandler = Comlink.TransferHandler<WireValue, SerializedError | { value: unknown }>;

// Comlink's own handler keeps name, message and stack only.
const throwHandler = Comlink.transferHandlers.get('throw') as unknown as ThrowHandler;
Comlink.transferHandlers.set('throw', {
  canHandle: throwHandler.canHandle,
  serialize: ({ value }: WireValue) => [serializeError(value), []],
  deserialize: (data: SerializedError) => {
    throw deserializeError(data);
  },
} as unknown as Comlink.TransferHandler<unknown, unknown>);

/** Marks objects in a method's result that are moved to the caller, not copied. */
export function transferring<T extends object>(value: T, transferables: Transferable[]): T {
  return Comlink.transfer(value, transferables);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Makes a service callable from the other side of the endpoint. @default the worker's own global scope */
export function expose(service: Service, endpoint?: MessagePort): void {
  const wire: Wire = {
    async invoke(method, args, control) {
      const controller = new AbortController();
      const post = (message: ControlMessage) => control?.postMessage(message);
      if (control) control.onmessage = () => controller.abort();
      const options = {
        ...(args.pop() as object),
        signal: controller.signal,
        onProgress: (progress: unknown) => post({ progress }),
      };
      const target = service[method];
      if (!target) throw new InpageError('invalid-argument', `There is no method "${method}" on the other side.`);
      const result = await target.call(service, ...([...args, options] as never[]));
      if (!isAsyncIterable(result)) return result;
      // Items, end and failure of a stream go the same way, so that they keep their order.
      try {
        for await (const item of result) post({ item });
        post({ end: true });
      } catch (error) {
        post({ error: serializeError(error) });
      }
    },
  };
  Comlink.expose(wire, endpoint);
  endpoint?.start();
}

/** The calling side of an endpoint. */
export class Connection {
  readonly #wire: Comlink.Remote<Wire>;
  readonly #pending = new Set<(error: unknown) => void>();
  #failure: unknown;

  constructor(endpoint: Worker | MessagePort) {
    this.#wire = Comlink.wrap<Wire>(endpoint);
  }

  /** Calls a method. Rejects at once when the signal aborts or the connection fails, and tells the other side. */
  async call<T>(
    method: string,
    args: readonly unknown[],
    { signal, onProgress, transfer = [], onSettled }: RemoteOptions = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    const own =
      signal || onProgress
        ? this.#control(signal, (message) => {
            if ('progress' in message) onProgress?.(message.progress);
          })
        : undefined;
    try {
      return (await abortable(this.#invoke(method, args, transfer, own?.control, onSettled), signal)) as T;
    } finally {
      own?.close();
    }
  }

  /** Calls a method that gives an async iterable. Leaving the loop early aborts it on the other side. */
  async *stream<T>(
    method: string,
    args: readonly unknown[],
    { signal, transfer = [], onSettled }: RemoteOptions = {},
  ): AsyncGenerator<T> {
    signal?.throwIfAborted();
    const channel = new Channel<T>();
    const { control, close } = this.#control(signal, (message) => {
      if ('item' in message) channel.push(message.item as T);
      else if ('end' in message) channel.end();
      else if ('error' in message) channel.end(deserializeError(message.error));
    });
    const onAbort = () => channel.end(abortError(signal));
    signal?.addEventListener('abort', onAbort, { once: true });
    // Items and the end come through the port of the call; its own result matters only if it fails without them.
    this.#invoke(method, args, transfer, control, onSettled).catch((error) => channel.end(error));
    try {
      yield* channel;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      close(true);
    }
  }

  /** Rejects all running and all later calls. */
  fail(error: unknown): void {
    this.#failure ??= error;
    for (const reject of this.#pending) reject(this.#failure);
    this.#pending.clear();
  }

  #invoke(
    method: string,
    args: readonly unknown[],
    transfer: Transferable[],
    control: MessagePort | undefined,
    onSettled: (() => void) | undefined,
  ): Promise<unknown> {
    const result = new Promise((resolve, reject) => {
      if (this.#failure) throw this.#failure;
      this.#pending.add(reject);
      const ports = control ? [Comlink.transfer(control, [control])] : [];
      const sent = this.#wire.invoke(method, Comlink.transfer([...args], transfer), ...ports);
      sent.then(resolve, reject).finally(() => this.#pending.delete(reject));
    });
    if (onSettled) result.then(onSettled, onSettled);
    return result;
  }

  #control(signal: AbortSignal | undefined, onMessage: (message: ControlMessage) => void) {
    const { port1, port2 } = new MessageChannel();
    const abort = () => port1.postMessage({ abort: true } satisfies ControlMessage);
    port1.onmessage = ({ data }) => onMessage(data);
    signal?.addEventListener('abort', abort, { once: true });
    return {
      control: port2,
      close: (early = false) => {
        signal?.removeEventListener('abort', abort);
        if (early) abort();
        port1.close();
      },
    };
  }
}
