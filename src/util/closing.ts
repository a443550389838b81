// Ends what runs, and refuses what comes, once something was closed.
import { InpageError } from './errors.ts';

/** The open or closed state of an object, as a signal for its calls. */
export class Closing {
  readonly #controller = new AbortController();

  /** Aborts when `signal` does; with the error `closed` when this is closed, or at once if it was. */
  signal(signal?: AbortSignal): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#controller.signal]) : this.#controller.signal;
  }

  /** Closes; a second time does nothing. */
  close(): void {
    this.#controller.abort(new InpageError('closed', 'This was closed. Create a new one to go on.'));
  }
}
