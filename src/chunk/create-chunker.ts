// A chunker from plain settings.
import type { Chunker, ChunkerSettings } from '../spec/chunker.ts';
import { InpageError } from '../util/errors.ts';
import type { ChunkSize } from './chunk-size.ts';
import { fixedChunker } from './fixed-chunker.ts';
import { headingChunker } from './heading-chunker.ts';
import { sentenceChunker } from './sentence-chunker.ts';

/** What `createChunker` takes where nothing is said; `overlap` by type. */
export const chunkerDefaults = {
  type: 'heading',
  maxTokens: 80,
  overlap: { heading: 0, sentence: 0, fixed: 32 },
} as const;

const factories: Readonly<Record<keyof typeof chunkerDefaults.overlap, (size: ChunkSize) => Chunker>> = {
  heading: headingChunker,
  sentence: sentenceChunker,
  fixed: fixedChunker,
};

/**
 * Makes a chunker.
 * @throws InpageError `invalid-argument` for an unknown type or a size out of range
 */
export function createChunker({
  type = chunkerDefaults.type,
  maxTokens = chunkerDefaults.maxTokens,
  overlap,
}: ChunkerSettings = {}): Chunker {
  const factory = Object.hasOwn(factories, type) ? factories[type] : undefined;
  if (!factory) {
    throw new InpageError('invalid-argument', `There is no chunker "${type}". Use 'heading', 'sentence' or 'fixed'.`);
  }
  if (!Number.isInteger(maxTokens) || maxTokens < 16 || maxTokens > 2048) {
    throw new InpageError('invalid-argument', `maxTokens of the chunker is ${maxTokens}. Use a whole number from 16 to 2048.`);
  }
  // A small passage has a small overlap unless one is asked for.
  const shared = overlap ?? Math.min(chunkerDefaults.overlap[type], maxTokens >> 2);
  if (!Number.isInteger(shared) || shared < 0 || shared >= maxTokens) {
    throw new InpageError(
      'invalid-argument',
      `overlap of the chunker is ${overlap}. Use a whole number from 0 to ${maxTokens - 1}.`,
    );
  }
  return factory({ maxTokens, overlap: shared });
}
