// A chat model that steps down: an Llm over a ladder of them.
import type { LadderWish } from '../runtime/ladder.ts';
import type { WorkerBackend } from '../runtime/model-request.ts';
import type { Llm, LlmInfo } from '../spec/llm.ts';
import { deviceLadder, requestAt } from './device-ladder.ts';
import type { Ladder } from './ladder.ts';
import { ladderWish, type ModelOptions, modelRequest } from './models.ts';
import { workerLlm } from './worker-llm.ts';

/** Context windows that are tried where the model's own takes too much memory, in tokens. */
const smallerContexts = [4096, 2048];

/**
 * A chat model in a worker, run in the best way that this device bears. A device that was named is taken at its word.
 * @param wish what the library needs of the device, beyond what the options say
 */
export function deviceLlm(backend: WorkerBackend, model: string, options: ModelOptions, wish: LadderWish = {}): Llm {
  const name = `${backend}/${model}`;
  const ladder = deviceLadder<Llm, LlmInfo>(name, options, {
    wish: { ...ladderWish(model, options), smallerContexts, ...wish },
    make: (step) => workerLlm(() => ({ backend, request: requestAt(modelRequest(model, options), step) }), options),
  });
  return ladderLlm(name, ladder);
}

/** The model that a ladder has come to. A call that has given nothing yet when its model fails is made again on the next. */
export function ladderLlm(name: string, ladder: Ladder<Llm, LlmInfo>): Llm {
  return {
    name,
    load: async (call) => (await ladder.load(call)).info,
    async *generate(messages, options = {}) {
      for (;;) {
        const { model } = await ladder.load({ signal: options.signal });
        let begun = false;
        try {
          for await (const event of model.generate(messages, options)) {
            begun = true;
            yield event;
          }
          ladder.succeeded();
          return;
        } catch (error) {
          if (!(await ladder.failed(model, error)) || begun) throw error;
        }
      }
    },
    async countTokens(input, options = {}) {
      const { model } = await ladder.load({ signal: options.signal });
      return model.countTokens(input, options);
    },
    close: () => ladder.close(),
  };
}
