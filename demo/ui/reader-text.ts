// Cuts a window of a document into lines of pieces: some marked, some in the styles of Markdown.
import { markdownRuns, type Style } from './markdown.ts';

/** Offsets in the document's text, UTF-16 code units. */
export interface Span {
  start: number;
  end: number;
}

/** A run of text that is shown in one way. */
export interface Piece {
  text: string;
  mark: 'none' | 'passage' | 'quote';
  style: Style;
}

/** A line with the newline at its end. */
export interface Line {
  /** 1–6 for a Markdown heading, else 0. */
  heading: number;
  pieces: Piece[];
}

export interface Marks {
  passage?: Span;
  quote?: Span;
}

const holds = (span: Span | undefined, position: number) => span !== undefined && position >= span.start && position < span.end;

/**
 * Lines of `text`, which starts at `offset` in the document. The pieces together are the text.
 * @param markdown whether the signs of Markdown mean something
 */
export function readerLines(text: string, offset: number, { passage, quote }: Marks, markdown: boolean): Line[] {
  const edges = [passage, quote].flatMap((span) => (span ? [span.start, span.end] : []));
  let start = offset;
  return text.split(/(?<=\n)/).map((line) => {
    const first = start;
    const end = first + line.length;
    start = end;
    const { heading, runs } = markdown ? markdownRuns(line) : { heading: 0, runs: [] };
    const inLine = [...edges, ...runs.flatMap((run) => [first + run.start, first + run.end])].filter(
      (edge) => edge > first && edge < end,
    );
    const cuts = [...new Set([first, ...inLine, end])].sort((one, other) => one - other);
    const pieces = cuts.slice(0, -1).map((cut, index): Piece => {
      const mark = holds(quote, cut) ? 'quote' : holds(passage, cut) ? 'passage' : 'none';
      const style = runs.find((run) => holds(run, cut - first))?.style ?? 'plain';
      return { text: line.slice(cut - first, (cuts[index + 1] ?? end) - first), mark, style };
    });
    return { heading, pieces };
  });
}
