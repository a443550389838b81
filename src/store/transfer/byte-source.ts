// Byte source: bytes that come in pieces of any size, taken in pieces of the sizes that are wanted.
import { abortable } from '../../util/async.ts';
import { abortError, InpageError, isAbort } from '../../util/errors.ts';

/** What a file is read from. */
export type FileSource = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

interface Pieces {
  next(): Promise<{ done?: boolean; value?: unknown }>;
  end(): void;
}

export class ByteSource {
  readonly #pieces: Pieces;
  readonly #signal: AbortSignal | undefined;
  #piece = new Uint8Array();
  #at = 0;

  /** @throws InpageError `invalid-argument` */
  constructor(source: FileSource, signal?: AbortSignal) {
    this.#pieces = open(source);
    this.#signal = signal;
  }

  /** Fills `target`; gives the number of bytes there were, which are fewer only at the end. @throws what the source throws; AbortError */
  async read(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      if (this.#at === this.#piece.length && !(await this.#advance())) break;
      const part = this.#piece.subarray(this.#at, this.#at + target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#at += part.length;
    }
    return filled;
  }

  /** Tells the source that no more is wanted. */
  close(): void {
    this.#pieces.end();
  }

  async #advance(): Promise<boolean> {
    if (this.#signal?.aborted) throw abortError(this.#signal);
    const { done, value } = await abortable(this.#pieces.next(), this.#signal).catch((error) => {
      throw InpageError.is(error) || isAbort(error) || this.#signal?.aborted ? error : unreadable(error);
    });
    if (done) return false;
    if (!(value instanceof Uint8Array)) throw wrongPiece(value);
    this.#piece = value as Uint8Array<ArrayBuffer>;
    this.#at = 0;
    return true;
  }
}

function open(source: FileSource): Pieces {
  if (typeof source === 'object' && source !== null) {
    // Not every browser can iterate over a stream.
    if ('getReader' in source) {
      const reader = source.getReader();
      return { next: () => reader.read(), end: () => void reader.cancel().catch(() => {}) };
    }
    if (Symbol.asyncIterator in source) {
      const iterator = source[Symbol.asyncIterator]();
      return { next: () => iterator.next(), end: () => void iterator.return?.()?.catch(() => {}) };
    }
  }
  throw new InpageError(
    'invalid-argument',
    'import() needs the bytes of a file: a ReadableStream or an async iterable of Uint8Array.',
  );
}

function wrongPiece(value: unknown): InpageError {
  return new InpageError(
    'invalid-argument',
    `A piece of the file to import is ${value === null ? 'null' : `a ${typeof value}`}. Give Uint8Arrays.`,
  );
}

function unreadable(cause: unknown): InpageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InpageError('fetch-failed', `The file could not be read to its end: ${reason}. Nothing was imported; try again.`, {
    cause,
  });
}
