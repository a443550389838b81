// A chat model in a worker, as every library's factory offers it: run in the best way that the device bears, for all tabs at once.
import type { LadderWish } from '../runtime/ladder.ts';
import type { ModelRequest, WorkerBackend } from '../runtime/model-request.ts';
import type { Llm, LlmInfo } from '../spec/llm.ts';
import { deviceLadder, requestAt } from './device-ladder.ts';
import { ladderLlm } from './ladder-llm.ts';
import type { ModelOptions } from './models.ts';
import { sharedLlm } from './shared-llm.ts';
import { sharesTabs } from './shared-model.ts';
import { workerLlm } from './worker-llm.ts';

/** Context windows that are tried where the model's own takes too much memory, in tokens. */
const smallerContexts = [4096, 2048];

/**
 * Makes the `Llm`; nothing is loaded before its first call. A device that was named is taken at its word.
 * @param wish what the library and the model want of the device
 */
export function deviceLlm(backend: WorkerBackend, request: ModelRequest, wish: LadderWish, options: ModelOptions): Llm {
  const name = `${backend}/${request.model}`;
  const make = (own: ModelOptions): Llm => {
    const ladder = deviceLadder<Llm, LlmInfo>(name, own, {
      wish: { smallerContexts, ...wish },
      make: (step) => workerLlm(() => ({ backend, request: requestAt(request, step) }), own),
    });
    return ladderLlm(name, ladder);
  };
  if (!sharesTabs(options)) return make(options);
  return sharedLlm(name, JSON.stringify([backend, request]), options, (hooks) => make({ ...options, ...hooks }));
}
