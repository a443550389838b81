// What models in a worker have in common, whatever library runs them: loaded once, asked one after the other.
import type { ModelLoader } from '../runtime/model-loader.ts';
import type { CallOptions } from '../spec/call.ts';
import type { ChatMessage, GenerateEvent, GenerateOptions, Llm, LlmInfo } from '../spec/llm.ts';
import type { DownloadPlan } from '../spec/model.ts';
import { Turnstile } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';

/** An `Llm` that can say beforehand what it will download. */
export interface PlannedLlm extends Llm {
  plan(options?: CallOptions): Promise<DownloadPlan>;
}

/** What is done with a model of one library, once it is loaded. */
export interface LoadedModel<T> {
  info(loaded: T): LlmInfo;
  /** Not called again before what it gave has been read or left. */
  generate(loaded: T, messages: readonly ChatMessage[], options: GenerateOptions): AsyncGenerator<GenerateEvent>;
  countTokens(loaded: T, input: string | readonly ChatMessage[], options: CallOptions): number | Promise<number>;
  /** Whether counting is work of the model, so that it must wait for its turn. @default false */
  countsInTurn?: boolean;
  dispose(loaded: T): Promise<unknown>;
}

/** Makes the `Llm` of a loader; nothing is loaded before its first call. */
export function loadedLlm<T>(loader: ModelLoader<T>, model: LoadedModel<T>): PlannedLlm {
  const turns = new Turnstile();
  return {
    plan: loader.plan,
    load: async (options) => model.info(await loader.load(options)),

    async *generate(messages, options = {}) {
      const { signal, priority } = options;
      const loaded = await loader.load({ signal });
      yield* turns.stream(() => model.generate(loaded, messages, options), { priority, signal });
    },

    async countTokens(input, { signal } = {}) {
      const loaded = await loader.load({ signal });
      const count = async () => model.countTokens(loaded, input, { signal });
      return model.countsInTurn ? turns.run(count, { signal }) : count();
    },

    async close() {
      const loaded = await loader.unload();
      if (loaded !== undefined) await model.dispose(loaded);
    },
  };
}

/** The error of a prompt that leaves no room for an answer. */
export function contextOverflow(promptTokens: number, contextTokens: number): InpageError {
  return new InpageError(
    'context-overflow',
    `The prompt has ${promptTokens} tokens, the model takes ${contextTokens}. Shorten the question or the context.`,
    { detail: { promptTokens, contextTokens } },
  );
}
