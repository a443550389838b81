// Cuts a window of a document into lines of pieces, some of them marked.

/** Offsets in the document's text, UTF-16 code units. */
export interface Span {
  start: number;
  end: number;
}

/** A run of text that is shown in one way. */
export interface Piece {
  text: string;
  mark: 'none' | 'passage' | 'quote';
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

const inside = (position: number, span: Span | undefined) => span !== undefined && position >= span.start && position < span.end;

/**
 * Lines of `text`, which starts at `offset` in the document.
 * @param markdown whether lines that start with `#` are headings
 */
export function readerLines(text: string, offset: number, { passage, quote }: Marks, markdown: boolean): Line[] {
  const edges = [passage, quote].flatMap((span) => (span ? [span.start, span.end] : []));
  const lines: Line[] = [];
  let position = offset;
  for (const line of text.split(/(?<=\n)/)) {
    const end = position + line.length;
    const cuts = [...new Set([position, ...edges.filter((edge) => edge > position && edge < end), end])].sort((a, b) => a - b);
    const pieces = cuts.slice(1).map((cut, index): Piece => {
      const start = cuts[index] as number;
      const mark = inside(start, quote) ? 'quote' : inside(start, passage) ? 'passage' : 'none';
      return { text: text.slice(start - offset, cut - offset), mark };
    });
    const heading = markdown ? (/^(#{1,6})\s/.exec(line)?.[1]?.length ?? 0) : 0;
    lines.push({ heading, pieces });
    position = end;
  }
  return lines;
}
