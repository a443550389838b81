// web-llm's failures as typed errors. Its own classes are not exported, so they are told by their names and messages.
import { InpageError } from '../util/errors.ts';

/** The browser took the GPU away. @param ready whether the model was running, not loading */
export function deviceLost(model: string, ready: boolean): InpageError {
  // All memory is allocated while loading.
  const message = ready
    ? `The browser took the GPU away while "${model}" was running. Load the model again.`
    : `The browser took the GPU away while "${model}" was loading. If that happens again, the GPU has too little memory for it: ` +
      'use a smaller model, or a smaller context by `contextTokens`.';
  return new InpageError('device-lost', message, { detail: { model } });
}

/** What the runtime says of an adapter that does not have what it needs. */
const weakDevice = /compatible GPU|exceeds limit/i;

/** What a library lacks or wants too much that was compiled for another version. */
const otherVersion = /Cannot find (?:required VM|global) function/i;

/**
 * What went wrong while a model was started.
 * @param version of the compiled libraries that the package fits
 */
export function webLlmError(cause: unknown, version: string, model: string): unknown {
  if (InpageError.is(cause)) return cause;
  const { name = '', message = String(cause) } = (cause ?? {}) as Error;
  if (weakDevice.test(message)) {
    return new InpageError('device-unavailable', `This GPU cannot run "${model}": ${message}`, { cause, detail: { model } });
  }
  if (/LinkError|CompileError/.test(name) || otherVersion.test(message)) {
    return new InpageError(
      'model-load-failed',
      `The compiled library of "${model}" does not fit this version of web-llm: ${message}. ` +
        `Compile the model for libraries of ${version.split('/')[0]}, or install the web-llm that it was compiled for.`,
      { cause, detail: { model, version } },
    );
  }
  return new InpageError('model-load-failed', `The model "${model}" could not be started: ${message}.`, {
    cause,
    detail: { model },
  });
}

/** What went wrong while a model was running. An abort by the caller is not for here. */
export function webLlmRunError(cause: unknown, model: string): unknown {
  if (InpageError.is(cause)) return cause;
  const { name = '', message = String(cause) } = (cause ?? {}) as Error;
  // So the browser ends the reading of a buffer whose device is gone, often before it tells of the device itself.
  if (name === 'AbortError') return deviceLost(model, true);
  if (name === 'GrammarMatcherInitError') {
    return new InpageError('output-unsupported', `The model "${model}" cannot be held to this output: ${message}.`, { cause });
  }
  if (/MessageOrder|UnsupportedRole|ContentType|RangeError|MinValue|NonNegative|SeedType/.test(name)) {
    return new InpageError('invalid-argument', `web-llm does not take this request: ${message}`, { cause });
  }
  return new InpageError('generation-failed', `The model "${model}" failed while it ran: ${message}.`, {
    cause,
    detail: { model },
  });
}
