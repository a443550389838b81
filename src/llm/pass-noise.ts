// How far the logits of one pass over several tokens are from those of passes over one token each. In exact arithmetic they are
// equal. With activations that are quantized by their range over the whole pass (ONNX's DynamicQuantizeLinear) they are not
// nearly so: then a draft that was checked in one pass would lead to another text than greedy search.
import type { CausalModel } from './causal-model.ts';

/**
 * Largest difference of a logit, on a short text.
 * @param tokens some ordinary text, at least six tokens
 * @returns Infinity where keys and values cannot be cut, as drafting needs
 */
export async function measureNoise(model: CausalModel, tokens: readonly number[]): Promise<number> {
  const begin = tokens.length - 4;
  const { known } = await model.read(model.empty, tokens.slice(0, begin), 1);
  if (!known.divisible) {
    known.dispose();
    return Number.POSITIVE_INFINITY;
  }
  const joint = await model.read(known, tokens.slice(begin), 4);
  let noise = 0;
  let before = known;
  for (const [i, row] of joint.logits.entries()) {
    const single = await model.read(before, [tokens[begin + i]!], 1);
    before = single.known;
    for (const [token, logit] of single.logits[0]!.entries()) noise = Math.max(noise, Math.abs(logit - row[token]!));
  }
  return noise;
}
