// Late interaction (ColBERT, arXiv:2004.12832): for each token of the question the most similar token of the text, summed up.
// Models of the ColBERT kind are trained for it; others may or may not rank better this way than by one vector a text.
import type { Embedder, TokenVectors } from '../spec/embedder.ts';
import type { Reranker } from '../spec/reranker.ts';
import { nextTask } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';

/** Options of {@link lateInteraction}. */
export interface LateInteractionOptions {
  /** Must give vectors of tokens; best one of the ColBERT kind. It is not closed with the reranker. */
  embedder: Embedder;
}

/**
 * Makes a reranker of an embedder. Scores are at most the number of tokens of the question.
 * @throws InpageError `invalid-argument` if the embedder gives no vectors of tokens
 */
export function lateInteraction({ embedder }: LateInteractionOptions): Reranker {
  if (!embedder.embedTokens) {
    throw new InpageError(
      'invalid-argument',
      'Late interaction needs an embedder with `embedTokens`, as `transformersEmbedder()` gives.',
    );
  }
  let closed = false;
  const open = () => {
    if (closed) throw new InpageError('closed', 'This was closed. Create a new one to go on.');
    return embedder;
  };
  return {
    async load(options) {
      const { space, device } = await open().load(options);
      return { model: space.model, device };
    },
    async rerank(query, texts, { priority = 0, signal } = {}) {
      if (texts.length === 0) return [];
      const [asked] = await open().embedTokens!([query], { kind: 'query', priority, signal });
      const found = await embedder.embedTokens!(texts, { kind: 'passage', priority, signal });
      const scores: number[] = [];
      for (const text of found) {
        // A few milliseconds each: what the page has to do comes in between.
        await nextTask();
        signal?.throwIfAborted();
        scores.push(maxSim(asked!, text));
      }
      return scores;
    },
    async close() {
      closed = true;
    },
  };
}

/** Sum over the rows of `query` of the largest dot product with a row of `text`; 0 if either has none. */
export function maxSim(query: TokenVectors, text: TokenVectors): number {
  const { dimension } = query;
  let sum = 0;
  for (let q = 0; q < query.rows && text.rows > 0; q++) {
    let best = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < text.rows; t++) {
      let dot = 0;
      for (let d = 0; d < dimension; d++) dot += query.data[q * dimension + d]! * text.data[t * dimension + d]!;
      if (dot > best) best = dot;
    }
    sum += best;
  }
  return sum;
}
