// wllama's failures as typed errors. llama.cpp tells them apart by their messages alone.
import { InpageError } from '../util/errors.ts';
import { contextOverflow } from './loaded-llm.ts';

const tooLong = /request \((\d+) tokens\) exceeds the available context size/;

/** What went wrong while a model was running. */
export function wllamaError(cause: unknown, model: string, contextTokens: number): InpageError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const promptTokens = Number(tooLong.exec(message)?.[1]);
  if (promptTokens) return contextOverflow(promptTokens, contextTokens);
  if (/grammar/i.test(message)) {
    return new InpageError('output-unsupported', `The model "${model}" cannot be held to this output: ${message}.`, { cause });
  }
  return new InpageError('generation-failed', `The model "${model}" failed while it ran: ${message}.`, {
    cause,
    detail: { model },
  });
}
