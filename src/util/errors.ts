// The one error class of inpage: a code to act on, a message that says what to do, details as data.

/** Every code, with what it means. */
export const errorCodes = {
  'invalid-argument': 'An argument is missing, empty or out of range.',
  'unsupported-source': 'No loader takes this kind of source.',
  'invalid-document': 'The document is broken or not of the format it claims to be.',
  'document-encrypted': 'The document needs a password.',
  'document-empty': 'There is no text in the document.',
  'fetch-failed': 'A document could not be fetched.',
  'missing-dependency': 'An optional package is not installed.',
  'model-not-found': 'The model is not at the place named.',
  'model-download-failed': 'A model file could not be downloaded completely.',
  'model-corrupt': 'A model file is not what it should be.',
  'model-load-failed': 'The model could not be started.',
  'download-declined': 'The download was not confirmed.',
  'device-unavailable': 'The device asked for is not there.',
  'device-lost': 'The browser took the GPU away in the middle of the work.',
  'out-of-memory': 'The device has too little memory for the model or the prompt.',
  'no-progress': 'A model stopped making progress and was ended.',
  'remote-failed': 'A server answered with an error or cannot be reached.',
  'output-unsupported': 'The backend cannot enforce this structured output.',
  'output-invalid': 'The generated text is not valid by the output that was asked for.',
  'context-overflow': 'The text is longer than the model takes.',
  'generation-failed': 'The model failed while it ran.',
  'storage-failed': 'The browser storage failed.',
  'quota-exceeded': 'The browser storage is full.',
  'embedding-mismatch': 'The collection was made with another embedding model.',
  'format-unsupported': 'The stored collection has a newer format.',
  'data-corrupt': 'Stored data fails its checksum.',
  'not-found': 'There is no such document.',
  'add-incomplete': 'Some of the sources could not be added.',
  'worker-died': 'A worker ended in the middle of the call.',
  'worker-failed': 'A worker could not be started.',
  'stale-element': 'The page has changed since it was read.',
  closed: 'The object was closed.',
} as const;

/** One of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;

/** Data beside an error; plain values only, so that it survives a worker boundary. */
export type ErrorDetail = Readonly<Record<string, unknown>>;

const marker = Symbol.for('inpage.error');

export interface InpageErrorOptions {
  cause?: unknown;
  detail?: ErrorDetail;
}

/** Thrown for everything that inpage can name. Aborts stay the platform's `AbortError`. */
export class InpageError extends Error {
  override readonly name = 'InpageError';
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, { cause, detail = {} }: InpageErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Works across bundles, where `instanceof` does not. */
  static is(error: unknown, code?: ErrorCode): error is InpageError {
    return (
      typeof error === 'object' &&
      error !== null &&
      marker in error &&
      (code === undefined || (error as unknown as InpageError).code === code)
    );
  }
}

/** The error of an aborted signal, as the platform throws it. */
export function abortError(signal?: AbortSignal): unknown {
  return signal?.reason ?? new DOMException('The operation was aborted.', 'AbortError');
}

/** Whether an error is an abort. */
export function isAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as Error).name === 'AbortError';
}

/** An error as plain data, for a worker boundary. */
export interface SerializedError {
  name: string;
  message: string;
  stack?: string;
  code?: ErrorCode;
  detail?: ErrorDetail;
  cause?: SerializedError;
}

/** @returns the error as plain data; causes included, four levels deep. */
export function serializeError(error: unknown, depth = 4): SerializedError {
  if (typeof error !== 'object' || error === null) return { name: 'Error', message: String(error) };
  const { name, message, stack, cause } = error as Error;
  return {
    name: String(name ?? 'Error'),
    message: String(message ?? error),
    ...(stack && { stack }),
    ...(InpageError.is(error) && { code: error.code, detail: error.detail }),
    ...(cause !== undefined && depth > 1 && { cause: serializeError(cause, depth - 1) }),
  };
}

/** The error again: an `InpageError` with its code, an `AbortError`, or a plain `Error`. */
export function deserializeError(data: SerializedError): Error {
  const cause = data.cause && deserializeError(data.cause);
  let error: Error;
  if (data.code) error = new InpageError(data.code, data.message, { cause, detail: data.detail });
  else if (data.name === 'AbortError') return new DOMException(data.message, 'AbortError');
  else {
    error = new Error(data.message, cause && { cause });
    error.name = data.name;
  }
  if (data.stack) error.stack = data.stack;
  return error;
}
