// What is embedded for a passage: its place in the document, then its text ("contextual chunk headers").

/**
 * @param title of the document
 * @param headings enclosing sections, outermost first
 * @param text the passage
 */
export function passageText(title: string, headings: readonly string[], text: string): string {
  // A heading that opens the passage, or repeats the title, would only be said twice.
  const path = [title, ...headings].filter((part, i, all) => part && all.indexOf(part) === i && !startsWithHeading(text, part));
  return path.length > 0 ? `${path.join(' › ')}\n${text}` : text;
}

function startsWithHeading(text: string, heading: string): boolean {
  return text.replace(/^[#\s]+/, '').startsWith(heading);
}
