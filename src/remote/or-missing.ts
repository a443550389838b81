// What a server says of a collection that is not there.
import { InpageError } from '../util/errors.ts';

/** Undefined where the server has no such thing (404). */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (InpageError.is(error, 'remote-failed') && error.detail.status === 404) return undefined;
    throw error;
  }
}
