// A chat model that steps down: an Llm over a ladder of them.
import type { Llm, LlmInfo } from '../spec/llm.ts';
import type { Ladder } from './ladder.ts';

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
          if (options.signal?.aborted || !(await ladder.failed(model, error, { begun })) || begun) throw error;
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
