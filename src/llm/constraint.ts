// Keeps a generation within the output that was asked for, by excluding every token that must not follow (Willard & Louf,
// arXiv:2307.09702): schemas, regular expressions and choices become one kind of expression, which an automaton follows.
import type { PreTrainedTokenizer } from '@huggingface/transformers';
import { plainOutput } from '../prompt/plain-output.ts';
import type { OutputFormat } from '../spec/output.ts';
import { InpageError } from '../util/errors.ts';
import { buildAutomaton } from './constraint/automaton.ts';
import { expressionOf } from './constraint/expression-of.ts';
import { allowedTokens, vocabularyOf } from './constraint/vocabulary.ts';

/** Follows one generation, from its first token on. */
export interface LogitsConstraint {
  /**
   * Sets the logits of the tokens that must not come next to -Infinity, in place. The end of the text is one of them until the
   * text is complete.
   * @param logits one value a token of the vocabulary
   * @param generated the tokens after the prompt; each call's go on from those of the call before
   */
  mask(logits: Float32Array, generated: readonly number[]): void;
}

/**
 * Makes the constraint of one generation.
 * @throws InpageError `output-unsupported` with the names of what cannot be enforced; `invalid-argument`
 */
export function createConstraint(tokenizer: PreTrainedTokenizer, output: OutputFormat): LogitsConstraint {
  const vocabulary = vocabularyOf(tokenizer);
  const automaton = buildAutomaton(expressionOf(plainOutput(output)));
  const allowed = new Map<number, Uint32Array>();
  let state = automaton.start;
  let seen = 0;
  return {
    mask(logits, generated) {
      for (; seen < generated.length; seen++) {
        for (const byte of vocabulary.byId.get(generated[seen]!) ?? []) state = automaton.step(state, byte);
      }
      let bits = allowed.get(state);
      if (!bits) {
        bits = allowedTokens(vocabulary, automaton, state);
        allowed.set(state, bits);
      }
      if (!bits.some((word) => word !== 0)) {
        throw new InpageError('output-unsupported', 'No token of this model can go on with the output that was asked for.');
      }
      for (let token = 0; token < logits.length; token++) {
        if (!((bits[token >> 5] ?? 0) & (1 << (token & 31)))) logits[token] = Number.NEGATIVE_INFINITY;
      }
    },
  };
}
