// Passage reader: cuts the passages out of a document's text while it is written, and analyses their words.
import type { ChunkSpan, DocumentHead } from '../../spec/store.ts';
import { nextTask } from '../../util/async.ts';
import { headingPaths } from '../../util/heading-path.ts';
import type { AnalyzedRow, AnalyzedText, Analyzer } from '../lexical/analyzer.ts';
import { documentLanguage } from '../lexical/guess-language.ts';
import type { Language } from '../lexical/languages.ts';
import { invalid } from '../validate.ts';

/** Text that may wait for its passages, and how far a passage may lie behind the last of those before, UTF-16 code units. */
const reach = 16_000_000;
const overlap = 500_000;
const sampleLength = 4_000;
/** Milliseconds of analysis between two breaks. */
const slice = 12;

/** A passage's own text and that of its headings. */
export interface PassageText {
  text: string;
  title: string;
}

export class PassageReader {
  readonly #analyzer: Analyzer;
  readonly #head: DocumentHead;
  readonly #headings: (start: number, end: number) => readonly string[];
  #sample = '';
  #language: Language | undefined;
  #lastTitle: { title: string; terms: AnalyzedText } | undefined;
  /** The last of the text, and where it starts. */
  #window = '';
  #start = 0;

  /** @param language of the document; guessed from its beginning where it is not given */
  constructor(head: DocumentHead, analyzer: Analyzer, language?: Language) {
    this.#head = head;
    this.#analyzer = analyzer;
    this.#language = language;
    this.#headings = headingPaths(head.sections);
  }

  text(piece: string): void {
    if (this.#sample.length < sampleLength) this.#sample += piece.slice(0, sampleLength);
    this.#window += piece;
    // Not at each call, as that copies the text.
    if (this.#window.length > 1.5 * reach) this.#forget(this.#window.length - reach);
  }

  /** @throws InpageError `invalid-argument` for a passage too far behind the text */
  cut(spans: readonly ChunkSpan[]): PassageText[] {
    const texts = spans.map(({ start, end }, index) => {
      if (start < this.#start) {
        throw invalid(
          `Passage ${index} of "${this.#head.id}" starts at ${start}, and the text before ${this.#start} is not kept any more. ` +
            'Write passages in order, and as their text comes.',
        );
      }
      const title = [this.#head.title, ...this.#headings(start, end)].join('\n');
      return { text: this.#window.slice(start - this.#start, end - this.#start), title };
    });
    const last = spans.at(-1);
    if (last && last.start - this.#start > 2 * overlap) this.#forget(last.start - this.#start - overlap);
    return texts;
  }

  /** Analyses passages, letting others run in between. */
  async analyze(passages: readonly PassageText[]): Promise<AnalyzedRow[]> {
    const language = this.#language ?? documentLanguage(this.#sample);
    this.#language = language;
    await this.#analyzer.load([language]);
    // Who brings vectors only has many of these.
    const wordless = this.#analyzer.analyze('', language);
    const rows: AnalyzedRow[] = [];
    let pause = performance.now() + slice;
    for (const { text, title } of passages) {
      const terms = text === '' ? wordless : this.#analyzer.analyze(text, language);
      rows.push({ language, text: terms, title: this.#analyzeTitle(title, language) });
      if (performance.now() < pause) continue;
      await nextTask();
      pause = performance.now() + slice;
    }
    return rows;
  }

  /** Neighbours have the same headings. */
  #analyzeTitle(title: string, language: Language): AnalyzedText {
    if (this.#lastTitle?.title !== title) this.#lastTitle = { title, terms: this.#analyzer.analyze(title, language) };
    return this.#lastTitle.terms;
  }

  #forget(units: number): void {
    this.#window = this.#window.slice(units);
    this.#start += units;
  }
}
