// What leads from an answer to a passage: a button that shows it in this page, or a link to the page that it stands in.
import { h } from './element.ts';
import type { Passage } from './turn.ts';

/** How many words of a quote a link carries at most; browsers search the page for them. */
const linkedWords = 12;

/**
 * @param show called for a passage of this page
 * @param properties attributes of the button or link
 */
export function reference(
  passage: Passage,
  quote: string | undefined,
  show: () => void,
  properties: Record<string, string>,
  content: readonly Node[],
): HTMLElement {
  const address = elsewhere(passage.url);
  if (!address) return h('button', { ...properties, type: 'button', onclick: show }, ...content);
  const href = `${address}${fragment(quote ?? passage.text)}`;
  return h('a', { ...properties, href, target: '_blank', rel: 'noopener noreferrer' }, ...content);
}

/** The address of a passage that is not in this page, without a fragment. */
function elsewhere(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url, document.baseURI)) return undefined;
  const target = new URL(url, document.baseURI);
  target.hash = '';
  const here = new URL(location.href);
  here.hash = '';
  return target.href === here.href || !/^https?:$/.test(target.protocol) ? undefined : target.href;
}

/** A text fragment (https://wicg.github.io/scroll-to-text-fragment/) of the first words. */
function fragment(quote: string): string {
  const words = quote.trim().split(/\s+/).slice(0, linkedWords).join(' ');
  return `#:~:text=${encodeURIComponent(words).replaceAll('-', '%2D')}`;
}
