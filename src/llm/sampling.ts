// Picks the next token from logits: repetition penalty (CTRL, arXiv:1909.05858), temperature, top-k,
// min-p (arXiv:2407.01082) and top-p (nucleus, arXiv:1904.09751), in that order.

/** How a token is chosen; see `GenerateOptions`. */
export interface SamplingSettings {
  temperature: number;
  topP: number;
  topK: number;
  minP: number;
  repetitionPenalty: number;
}

/** Makes tokens that were seen less likely, in place: positive logits are divided, negative ones multiplied. */
export function penalize(logits: Float32Array, seen: Iterable<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const token of new Set(seen)) {
    const logit = logits[token];
    if (logit !== undefined) logits[token] = logit > 0 ? logit / penalty : logit * penalty;
  }
}

/** Index of the largest value. */
export function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** The probability of a token by the softmax of the logits. */
export function probabilityOf(logits: Float32Array, token: number): number {
  const max = logits[argmax(logits)]!;
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - max);
  return Math.exp(logits[token]! - max) / total;
}

/** Distance of the two largest values. */
export function margin(values: Float32Array): number {
  let first = Number.NEGATIVE_INFINITY;
  let second = first;
  for (const value of values) {
    if (value > first) [first, second] = [value, first];
    else if (value > second) second = value;
  }
  return first - second;
}

/**
 * Draws a token.
 * @param logits one value a token of the vocabulary; not changed
 * @param random gives numbers in [0, 1)
 */
export function sample(logits: Float32Array, { temperature, topP, topK, minP }: SamplingSettings, random: () => number): number {
  const best = argmax(logits);
  if (temperature <= 0 || topK === 1) return best;
  const max = logits[best]!;
  // What lies more than this below the best has less than 1e-9 of its probability: sorting it would be in vain.
  const floor = max + temperature * Math.log(Math.max(minP, 1e-9));
  const candidates: { token: number; weight: number }[] = [];
  for (let token = 0; token < logits.length; token++) {
    if (logits[token]! >= floor) candidates.push({ token, weight: Math.exp((logits[token]! - max) / temperature) });
  }
  candidates.sort((a, b) => b.weight - a.weight || a.token - b.token);
  if (topK > 0) candidates.length = Math.min(candidates.length, topK);
  let total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  if (topP < 1) {
    let mass = 0;
    let kept = 0;
    while (kept < candidates.length && mass < topP * total) mass += candidates[kept++]!.weight;
    candidates.length = kept;
    total = mass;
  }
  let left = random() * total;
  for (const { token, weight } of candidates) {
    left -= weight;
    if (left < 0) return token;
  }
  return candidates.at(-1)!.token;
}
