// How near texts are in meaning.
import type { CallOptions } from '../spec/call.ts';
import type { Embedder } from '../spec/embedder.ts';

/** @returns the cosine of `text` to each candidate, in their order; all are embedded in one call */
export async function similarities(
  text: string,
  candidates: readonly string[],
  embedder: Embedder,
  { signal }: CallOptions = {},
): Promise<number[]> {
  const { data, dimension } = await embedder.embed([text, ...candidates], { signal });
  return candidates.map((_, i) => {
    let cosine = 0;
    for (let d = 0; d < dimension; d++) cosine += data[d]! * data[(i + 1) * dimension + d]!;
    return cosine;
  });
}
