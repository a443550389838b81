// Scrolls to a range of the page and marks it, without changing the page: by the CSS Custom Highlight API, or else by an outline
// that is an animation (https://www.w3.org/TR/css-highlight-api-1/).
import { adopt } from './style-sheet.ts';

const name = 'inpage-citation';
const style = `::highlight(${name}) {
  background-color: var(--inpage-highlight, light-dark(#ffdd75, #7a5c00));
  color: var(--inpage-on-highlight, light-dark(#1c1e20, #fffaf0));
}`;

/** How long an outline stays, ms. */
const outlined = 6000;

/** The range is in view and marked, until another is or {@link clearMark} is called. */
export function showInPage(range: Range): void {
  // A quote may begin with the heading above it; what it says is where it ends.
  const element = range.endContainer.parentElement;
  if (!element) return;
  for (let details = element.closest('details'); details; details = details.parentElement?.closest('details') ?? null)
    details.open = true;
  mark(range, element);
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
  // A paragraph is shown whole where it fits; in a longer text the words themselves are.
  const fits = element.getBoundingClientRect().height < window.innerHeight * 0.8;
  if (fits) element.scrollIntoView({ block: 'center', behavior });
  else window.scrollBy({ top: range.getBoundingClientRect().top - window.innerHeight / 3, behavior });
}

/** Takes the mark away. */
export function clearMark(): void {
  if ('highlights' in CSS) CSS.highlights.delete(name);
}

function mark(range: Range, element: Element): void {
  if ('highlights' in CSS) {
    adopt(document, style);
    CSS.highlights.set(name, new Highlight(range));
    return;
  }
  const outline = { outline: '3px solid #e0a800', outlineOffset: '4px' };
  element.animate([outline, outline], { duration: outlined });
}
