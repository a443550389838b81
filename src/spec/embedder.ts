// Embedder: text in, unit vectors out.
import type { CallOptions, ProgressOptions } from './call.ts';
import type { Device, LoadProgress } from './model.ts';

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
  device: Device;
  dtype: string;
  /** Threads of the WASM runtime; 1 on WebGPU. */
  threads: number;
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
}

/** Turns texts into vectors of one space. */
export interface Embedder {
  /** Loads the model; later calls give the same answer at once. */
  load(options?: ProgressOptions<LoadProgress>): Promise<EmbedderInfo>;
  /** One row a text, in the order of the texts. Loads first where needed. */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Vectors>;
  close(): Promise<void>;
}
