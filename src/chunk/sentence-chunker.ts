// Passages of whole sentences, cut at paragraphs where that wastes little.
import type { Chunker } from '../spec/chunker.ts';
import { headingPaths } from '../util/heading-path.ts';
import { weightPerToken } from '../util/text.ts';
import type { ChunkSize } from './chunk-size.ts';
import { Packer } from './pack.ts';
import { sentenceStream } from './sentence-stream.ts';

/** Cuts at sentence ends. Neighbours share up to `overlap` tokens of whole sentences. */
export function sentenceChunker({ maxTokens, overlap }: ChunkSize): Chunker {
  return {
    id: `sentence/1:${maxTokens}:${overlap}`,
    async *chunk(document, options) {
      const headings = headingPaths(document.sections);
      const packer = new Packer(maxTokens * weightPerToken, overlap * weightPerToken);
      for await (const sentence of sentenceStream(document, maxTokens * weightPerToken, options)) {
        for (const passage of packer.push(sentence)) yield { ...passage, headings: headings(passage.start, passage.end) };
      }
      for (const passage of packer.end()) yield { ...passage, headings: headings(passage.start, passage.end) };
    },
  };
}
