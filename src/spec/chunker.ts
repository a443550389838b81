// Chunker: cuts a document into passages that know where they come from.
import type { CallOptions } from './call.ts';
import type { LoadedDocument } from './document.ts';

/** A passage: `text` is exactly `document.slice(start, end)`. */
export interface Chunk {
  /** First UTF-16 code unit in the document's text. */
  start: number;
  /** One past the last. */
  end: number;
  text: string;
  /** Titles of the enclosing sections, outermost first. */
  headings: readonly string[];
}

/** Cuts documents. */
export interface Chunker {
  /** Name and settings as one string; another id means other chunks. */
  readonly id: string;
  /** Passages in order. The pieces of `document.text` are read once; `onText` sees each piece as it passes. */
  chunk(document: LoadedDocument, options?: ChunkOptions): AsyncIterable<Chunk>;
}

/** Options of {@link Chunker.chunk}. */
export interface ChunkOptions extends CallOptions {
  onText?: (piece: string) => void | Promise<void>;
}

/** A built-in chunker as plain data, so that it can cross to a worker. */
export interface ChunkerSettings {
  /** @default 'heading' */
  type?: 'heading' | 'sentence' | 'fixed';
  /** Upper size of a passage in estimated tokens, 16–2048. @default 80 */
  maxTokens?: number;
  /** Overlap of neighbours in estimated tokens, 0 to below `maxTokens`. @default 0 for heading and sentence, 32 for fixed */
  overlap?: number;
}
