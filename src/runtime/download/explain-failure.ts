// What went wrong with a file, as the error that a caller gets.
import type { ModelFile } from '../../spec/model.ts';
import { InpageError, isAbort } from '../../util/errors.ts';
import { isInterruption, NotFound, Unfit } from './request.ts';
import { freeBytes, noRoom } from './storage-room.ts';

/** The error for a file that is not what it should be. */
export function corrupt(model: string, path: string, reason: string, cause?: unknown): InpageError {
  return new InpageError(
    'model-corrupt',
    `${model}/${path} is damaged or has been altered: ${reason}. It was not kept; check the server's copy.`,
    { cause, detail: { model, file: path } },
  );
}

/** @param stored gives the bytes of the file that are here */
export async function explainFailure(
  model: string,
  file: ModelFile,
  error: unknown,
  stored: () => Promise<number>,
): Promise<unknown> {
  const detail = { model, file: file.path, url: file.url };
  if (error instanceof NotFound) {
    return new InpageError(
      'model-not-found',
      `The model "${model}" was not found at ${file.url}: ${error.message}. Check the id and \`models.base\` (a folder that you serve) or \`models.host\` (a hub).`,
      { detail: { ...detail, status: error.status } },
    );
  }
  if (error instanceof Unfit) return corrupt(model, file.path, error.message);
  if (isInterruption(error)) {
    return new InpageError(
      'model-download-failed',
      `Downloading ${model}/${file.path} failed: ${error.message}. What has arrived is kept; try again.`,
      { cause: error.cause, detail },
    );
  }
  if (isAbort(error) || InpageError.is(error)) return error;
  if ((error as Error)?.name === 'QuotaExceededError') {
    const needed = Math.max(0, (file.bytes ?? 0) - (await stored()));
    return noRoom(`${model}/${file.path}`, needed, await freeBytes(), error);
  }
  return new InpageError(
    'storage-failed',
    `Storing ${model}/${file.path} failed: ${(error as Error)?.message ?? error}. Try again, or free the browser storage of this site.`,
    { cause: error, detail },
  );
}
