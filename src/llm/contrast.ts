// Context-aware decoding (Shi et al., arXiv:2305.14739): the model reads the question a second time without its context, and what it
// would say anyway counts less. Only among tokens that are plausible with the context (Li et al., arXiv:2210.15097): else what small
// models like in a prompt, its markup before all, wins.
import { nextTask } from '../util/async.ts';
import type { Decoder, LogitsAdjuster } from './decode.ts';
import type { KeyValues } from './key-values.ts';
import { argmax } from './sampling.ts';

/** A token is plausible if it has at least this share of the likeliest one's probability. */
const plausible = 0.1;
/** What the logits of others lose: they come last, but in their order, for where a constraint leaves nothing else. */
const penalty = 100;

/**
 * @param prompt tokens of the question without its context
 * @param weight α of (1 + α) · logits − α · logits without the context
 */
export function createContrast(
  { model, store, exact, pieceTokens }: Decoder,
  prompt: readonly number[],
  weight: number,
  signal: AbortSignal | undefined,
): LogitsAdjuster {
  let known: KeyValues = store.find(prompt, exact) ?? model.empty;
  const leave = () => {
    if (!store.holds(known)) known.dispose();
  };
  return {
    async adjust(logits, generated) {
      const text = [...prompt, ...generated];
      let without: Float32Array = logits;
      while (known.tokens.length < text.length) {
        await nextTask();
        signal?.throwIfAborted();
        const at = known.tokens.length;
        const pass = await model.read(known, text.slice(at, at + pieceTokens), 1);
        leave();
        known = pass.known;
        without = pass.logits[0]!;
      }
      const floor = logits[argmax(logits)]! + Math.log(plausible);
      for (let token = 0; token < logits.length; token++) {
        const logit = logits[token]!;
        logits[token] = logit < floor ? logit - penalty : (1 + weight) * logit - weight * without[token]!;
      }
    },
    close: leave,
  };
}
