// Lexical index: the segments of a collection, searched as one.
import type { Analyzer } from './analyzer.ts';
import { type Bm25Parameters, Scorer } from './bm25.ts';
import type { Stored } from './layout.ts';
import { LexicalSearch } from './lexical-search.ts';
import { locateTerms } from './located-term.ts';
import { phraseRows } from './phrase.ts';
import { PositionsReader } from './positions.ts';
import { type LexicalQuery, readQuery } from './query.ts';
import { countLive, type LexicalPart, type Statistics } from './statistics.ts';

/** Gives the positions buffer of a part, which phrases need. */
export type LoadPositions = (part: number) => Promise<Stored | undefined>;

/** The lexical side of a collection as one of its commits left it; cheap to make for each commit. */
export class LexicalIndex {
  readonly statistics: Statistics;
  readonly #parts: readonly LexicalPart[];
  readonly #analyzer: Analyzer;

  /** @param parts in order of position; neither they nor their masks change while the index is used */
  constructor(parts: readonly LexicalPart[], analyzer: Analyzer) {
    this.#parts = parts;
    this.#analyzer = analyzer;
    this.statistics = countLive(parts);
  }

  /**
   * Makes a query ready: loads the rules of the languages in the collection, looks the terms up, and finds the rows with the
   * quoted phrases.
   * @param query words and "phrases in quotes"
   * @throws InpageError `data-corrupt`; `invalid-argument` for parameters out of range
   */
  async prepare(query: string, loadPositions: LoadPositions, parameters: Bm25Parameters = {}): Promise<LexicalSearch> {
    const scorer = new Scorer(parameters, this.statistics);
    await this.#analyzer.load(this.statistics.languages);
    const read = readQuery(query, this.#analyzer, this.statistics.languages);
    const allowed = await this.#phraseMasks(read, loadPositions, scorer.withTitle);
    return new LexicalSearch(this.#parts, locateTerms(this.#parts, read.terms, scorer), scorer, allowed);
  }

  /** For each part the rows that have all phrases. */
  async #phraseMasks({ phrases }: LexicalQuery, loadPositions: LoadPositions, withTitle: boolean) {
    const masks: (Uint16Array | undefined)[] = [];
    if (phrases.every((phrase) => phrase.size === 0)) return masks;
    for (const [index, { lexical }] of this.#parts.entries()) {
      let reader: PositionsReader | undefined;
      const positions = async () => {
        reader ??= new PositionsReader(await loadPositions(index), lexical);
        return reader;
      };
      for (const phrase of phrases) {
        const mask = await phraseRows(lexical, phrase, positions, withTitle);
        masks[index] = masks[index]?.map((word, at) => word & mask[at]!) ?? mask;
      }
    }
    return masks;
  }
}
