// Failures of a worker as a whole: after one it is ended, and another may do better. That a GPU was lost or memory ran out the
// libraries say in the text of their errors only, so the texts are read.
import { type ErrorCode, InpageError } from '../util/errors.ts';

/** Codes of failures that leave a worker unusable. A model that failed once fails forever: its session is broken. */
const fatal: readonly ErrorCode[] = ['device-lost', 'out-of-memory', 'no-progress', 'worker-died', 'generation-failed'];

/** Whether the worker that an error comes from is not to be used again. */
export function isWorkerFailure(error: unknown): error is InpageError {
  return InpageError.is(error) && fatal.includes(error.code);
}

/** ONNX Runtime, Dawn and llama.cpp about a GPU that is gone. "External instance" is Dawn's word for a device that was destroyed. */
const lost =
  /device\]? (?:is |was |has been )?(?:lost|destroyed)|lost (?:the )?(?:webgpu |gpu )?device|valid external instance reference no longer exists|MapAsyncStatus/i;

/** The same about memory: of the GPU, of WASM, of JavaScript. */
const memory =
  /out of memory|\bOOM\b|bad_alloc|(?:failed|unable) to allocate|(?:could not|cannot) allocate|allocation failed|maximum memory size exceeded|enlarge memory|not enough memory|memory access out of bounds/i;

/**
 * An error of a library, named for what it is: `device-lost` or `out-of-memory` where its text or that of a cause says so.
 * Whatever has another code than `generation-failed` or `model-load-failed` has been named already and stays as it is.
 */
export function nameFailure(error: unknown): unknown {
  if (InpageError.is(error) && error.code !== 'generation-failed' && error.code !== 'model-load-failed') return error;
  const text = messages(error);
  const code = lost.test(text) ? 'device-lost' : memory.test(text) ? 'out-of-memory' : undefined;
  if (!code) return error;
  const remedy =
    code === 'device-lost'
      ? 'The browser took the GPU away: call again.'
      : 'Use a smaller model, or a shorter prompt or context.';
  const message = error instanceof Error ? error.message : String(error);
  return new InpageError(code, `${message} ${remedy}`, { cause: error, detail: InpageError.is(error) ? error.detail : {} });
}

function messages(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, cause } = error as Error;
  return cause === undefined ? String(message) : `${message}\n${messages(cause)}`;
}
