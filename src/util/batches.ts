// Groups texts of like length, so that little is spent on padding.

/**
 * Orders texts by length and cuts them into batches.
 * @param lengths tokens of each text
 * @param budget upper size of a batch in tokens, padding included; a longer text is a batch of its own
 * @returns positions of the texts, batch by batch, longest first, so that the largest memory is needed at once
 */
export function planBatches(lengths: readonly number[], budget: number): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const i of order) {
    const width = lengths[batch[0] ?? i]!;
    if (batch.length > 0 && width * (batch.length + 1) > budget) {
      batches.push(batch);
      batch = [];
    }
    batch.push(i);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
