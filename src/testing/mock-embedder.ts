// An Embedder without a model: words hashed into dimensions, so that texts that share words are near each other.
import type { Embedder } from '../spec/embedder.ts';
import { withDefaults } from '../util/options.ts';
import { words } from '../util/text.ts';

/** Options of {@link mockEmbedder}. */
export interface MockEmbedderOptions {
  /** Length of a vector. @default 64 */
  dimension?: number;
  /** Name of the embedding space. @default 'mock' */
  model?: string;
}

/** Makes the stand-in. Vectors have length 1; a text without words gives the first unit vector. */
export function mockEmbedder(options: MockEmbedderOptions = {}): Embedder {
  const { dimension, model } = withDefaults({ dimension: 64, model: 'mock' }, options);
  return {
    load: async () => ({
      space: { model, revision: 'main', dimension, pooling: 'mean', normalized: true, prefix: { query: '', passage: '' } },
      device: 'wasm',
      dtype: 'fp32',
      threads: 1,
      maxTokens: 512,
    }),
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted();
      const data = new Float32Array(texts.length * dimension);
      for (const [row, text] of texts.entries()) {
        const vector = data.subarray(row * dimension, (row + 1) * dimension);
        for (const word of words(text)) vector[hash(word) % dimension]! += 1;
        const length = Math.hypot(...vector);
        if (length === 0) vector[0] = 1;
        else for (let d = 0; d < dimension; d++) vector[d]! /= length;
      }
      return { data, rows: texts.length, dimension };
    },
    close: async () => {},
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
