// Options that every long call takes.

/** Options of a call that may take long. */
export interface CallOptions {
  /** Aborts the call: it rejects with the platform's `AbortError`. */
  signal?: AbortSignal;
}

/** Options of a long call that reports progress of type `P`. */
export interface ProgressOptions<P> extends CallOptions {
  /** Called with the state of the work; never after the call has settled. */
  onProgress?: (progress: P) => void;
}
