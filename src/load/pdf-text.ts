// From pdf.js's positioned pieces of text to lines and paragraphs.

/** What is used of a pdf.js `TextItem`; marked content comes without `str`. */
export interface PositionedText {
  str?: string;
  hasEOL?: boolean;
  /** [a, b, c, d, x, y] in PDF units, y upwards. */
  transform?: number[];
  height?: number;
}

/** A gap between lines larger than this, in heights of the letters, separates paragraphs. */
const paragraphGap = 1.9;

/** Text of a page in the order of its content: one line each, blank lines between paragraphs. */
export function pageText(items: readonly object[]): string {
  let text = '';
  /** Base line and height of the line at work. */
  let line: { y: number; height: number } | undefined;
  for (const { str = '', hasEOL = false, transform, height = 0 } of items as readonly PositionedText[]) {
    const y = transform?.[5];
    if (str.trim() && y !== undefined) {
      const size = height || Math.abs(transform?.[3] ?? 0) || 1;
      // Superscripts move the base line by less than half a letter.
      if (line && Math.abs(y - line.y) > Math.max(size, line.height) / 2) {
        const gap = line.y - y;
        text = text.trimEnd();
        // Upwards is a new column, where a paragraph may go on.
        text += gap > paragraphGap * Math.max(size, line.height) ? '\n\n' : '\n';
        line = { y, height: size };
      }
      line ??= { y, height: size };
    }
    text += str.replaceAll('\u0000', '');
    if (hasEOL && !text.endsWith('\n')) text += '\n';
  }
  return text
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Joins words that were divided at the end of a line. */
export function mendHyphenation(text: string): string {
  return text.replace(/(\p{L})\u00ad\n?/gu, '$1').replace(/(\p{Ll})[-\u2010]\n(\p{Ll}+)/gu, '$1$2');
}
