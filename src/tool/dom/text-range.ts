// A part of an element's text as a range.
import { InpageError } from '../../util/errors.ts';

/** Where a text stands in an element, across its parts. @throws InpageError `invalid-argument` if it does not */
export function rangeOf(element: Element, text: string): Range {
  const document = element.ownerDocument;
  const walker = document.createTreeWalker(element, 4);
  const nodes: Node[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
  const whole = nodes.map((node) => node.nodeValue ?? '').join('');
  const start = whole.indexOf(text);
  if (start < 0) throw missingText(text);
  const range = document.createRange();
  let at = 0;
  for (const node of nodes) {
    const length = node.nodeValue?.length ?? 0;
    if (start >= at && start < at + length) range.setStart(node, start - at);
    if (start + text.length > at && start + text.length <= at + length) range.setEnd(node, start + text.length - at);
    at += length;
  }
  return range;
}

/** The error of a text that is not where it was said to be. */
export function missingText(text: string): InpageError {
  return new InpageError('invalid-argument', `"${text}" does not stand there. Copy the words from the page as they are.`);
}
