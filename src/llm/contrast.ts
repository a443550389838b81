// Context-aware decoding (Shi et al., arXiv:2305.14739): the model reads the question a second time without its context, and what it
// would say anyway counts less.
import { nextTask } from '../util/async.ts';
import type { Decoder, LogitsAdjuster } from './decode.ts';
import type { KeyValues } from './key-values.ts';

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
      for (let token = 0; token < logits.length; token++) {
        logits[token] = (1 + weight) * logits[token]! - weight * without[token]!;
      }
    },
    close: leave,
  };
}
