// Passages that stay inside a section: each section is packed on its own, tiny neighbours of one parent go together.
import type { Chunker } from '../spec/chunker.ts';
import { headingPaths, sectionAt, sectionParents } from '../util/heading-path.ts';
import { weightPerToken } from '../util/text.ts';
import type { ChunkSize } from './chunk-size.ts';
import { Packer, type Passage } from './pack.ts';
import { sentenceChunker } from './sentence-chunker.ts';
import { type Sentence, sentenceStream } from './sentence-stream.ts';

/** Sections below this share of a passage are tiny. */
const tinyShare = 1 / 4;

/** Cuts at headings, then at sentences; a document without sections is cut at sentences. */
export function headingChunker(size: ChunkSize): Chunker {
  const bySentence = sentenceChunker(size);
  const maxWeight = size.maxTokens * weightPerToken;
  return {
    id: `heading/1:${size.maxTokens}:${size.overlap}`,
    async *chunk(document, options) {
      const sections = document.sections ?? [];
      if (sections.length === 0) {
        yield* bySentence.chunk(document, options);
        return;
      }
      const headings = headingPaths(sections);
      const parents = sectionParents(sections);
      const packer = new Packer(maxWeight, size.overlap * weightPerToken);
      /** Last section in the passage at work, and whether all in it are tiny; −1 is the text before the first heading. */
      let open: { section: number; tiny: boolean; weight: number } | undefined;
      /** The section being read, held back for as long as it may be tiny. */
      let section = -1;
      let held: Sentence[] = [];
      let weight = 0;
      let holding = true;

      const release = function* (): Generator<Passage> {
        if (held.length === 0) return;
        const tiny = weight < tinyShare * maxWeight;
        const opensParent = open?.tiny && (open.section < 0 || parents[section] === open.section);
        const besideSibling = open?.tiny && tiny && open.section >= 0 && parents[open.section] === parents[section];
        const together = opensParent || (besideSibling && open!.weight + weight <= maxWeight);
        if (!together) yield* packer.end();
        open = { section, tiny, weight: weight + (together ? open!.weight : 0) };
        for (const sentence of held) yield* packer.push(sentence);
        held = [];
      };

      for await (const sentence of sentenceStream(document, maxWeight, options)) {
        const passages: Passage[] = [];
        const at = sectionAt(sections, sentence.start);
        if (at !== section) {
          passages.push(...release());
          section = at;
          weight = 0;
          holding = true;
        }
        weight += sentence.weight + sentence.gapWeight;
        if (holding) held.push(sentence);
        else passages.push(...packer.push(sentence));
        if (holding && weight >= tinyShare * maxWeight) {
          passages.push(...release());
          holding = false;
        }
        for (const passage of passages) yield { ...passage, headings: headings(passage.start, passage.end) };
      }
      for (const passage of [...release(), ...packer.end()]) {
        yield { ...passage, headings: headings(passage.start, passage.end) };
      }
    },
  };
}
