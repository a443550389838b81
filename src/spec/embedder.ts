// Embedder: text in, unit vectors out.
import type { CallOptions, ProgressOptions } from './call.ts';
import type { LoadProgress, Runtime } from './model.ts';

/** What makes vectors comparable. Two spaces with the same id can be mixed. */
export interface EmbeddingSpace {
  model: string;
  revision: string;
  /** Length of a vector. */
  dimension: number;
  pooling: 'mean' | 'cls' | 'last';
  /** Vectors have length 1, so the dot product is the cosine. */
  normalized: boolean;
  /** Put in front of each text. */
  prefix: { query: string; passage: string };
}

/** A loaded embedding model. */
export interface EmbedderInfo {
  space: EmbeddingSpace;
  device: Runtime;
  dtype: string;
  /** Threads of the WASM runtime; 1 on WebGPU. */
  threads: number;
  /** The adapter is an emulation on the CPU: correct, but very slow. @default false */
  software?: boolean;
  /** Longer texts are cut, in tokens. */
  maxTokens: number;
}

/** Row-major vectors: row i is `data.subarray(i * dimension, (i + 1) * dimension)`. */
export interface Vectors {
  data: Float32Array;
  rows: number;
  dimension: number;
}

/** Options of {@link Embedder.embed}. */
export interface EmbedOptions extends CallOptions {
  /** @default 'passage' */
  kind?: 'query' | 'passage';
  /** Calls that wait go in this order, the lowest first. @default 0 for queries, 1 for passages */
  priority?: number;
}

/** Vectors of the tokens of one text, row-major. */
export interface TokenVectors extends Vectors {
  /** Tokens of the text, in its order: one a row. */
  tokens: readonly string[];
}

/** Turns texts into vectors of one space. */
export interface Embedder {
  /** Loads the model; later calls give the same answer at once. */
  load(options?: ProgressOptions<LoadProgress>): Promise<EmbedderInfo>;
  /** One row a text, in the order of the texts. Loads first where needed. */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Vectors>;
  /** The vectors of each token instead of one a text, for late interaction (ColBERT, arXiv:2004.12832), where the model gives them. */
  embedTokens?(texts: readonly string[], options?: EmbedOptions): Promise<TokenVectors[]>;
  close(): Promise<void>;
}
