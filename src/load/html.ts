// HTML: the article of a page (Readability, the reader view of Firefox), or all its text where it is not an article.
// Parsed without a browser's DOM (linkedom), so that it runs in a worker and nothing in the page is ever executed or fetched.
import type { Section } from '../spec/document.ts';
import type { Loader } from '../spec/loader.ts';
import { InpageError } from '../util/errors.ts';
import { importPackage } from '../util/import-package.ts';
import { readable, wholeText } from './decode-text.ts';
import { extractText, levelAttribute } from './html-text.ts';
import { emptyDocument, identify, inPieces } from './identify.ts';
import { capturedName } from './source-name.ts';

/** A shorter article may have missed the text of the page. Characters. */
const shortestArticle = 200;
/** The article must hold this share of the page's prose, links left out; else the page is rather an application. */
const articleShare = 0.4;
/** Readability's time grows with the square of the depth; bigger pages are taken whole. */
const largestArticle = { elements: 30_000, depth: 150 };

const invisible =
  'script, style, noscript, template, iframe, object, embed, svg, [hidden]:not([hidden="until-found"]), [aria-hidden="true"], [style*="display:none"], [style*="display: none"]';

/** Reads HTML. A fragment, without <html> or <body>, is taken whole. */
export const htmlLoader: Loader = {
  name: 'html',
  async *load(captured, { signal } = {}) {
    const source = readable(captured);
    const purpose = 'Reading HTML';
    const { DOMParser } = await importPackage('linkedom', purpose, () => import('linkedom/worker'));
    const { Readability } = await importPackage('@mozilla/readability', purpose, () => import('@mozilla/readability'));
    const html = await wholeText(source, signal);
    let found: { text: string; sections: Section[] };
    let page: Document;
    let title: string | undefined;
    try {
      const isPage = /<(?:html|body)[\s>]/i.test(html);
      page = parsePage(html, (markup) => new DOMParser().parseFromString(markup, 'text/html') as unknown as Document);
      title = pageTitle(page);
      for (const element of page.querySelectorAll(invisible)) element.remove();
      markHeadings(page);
      found = extractText(page.body);
      if (isPage && found.text.length > shortestArticle && isModest(page)) {
        const prose = proseLength(page.body);
        const article = new Readability(page, { serializer: (node) => node as Element, charThreshold: shortestArticle }).parse();
        if (article?.content && proseLength(article.content) >= articleShare * prose) {
          const read = extractText(article.content);
          if (read.text.length >= shortestArticle) found = read;
          title = article.title || title;
        }
      }
    } catch (cause) {
      throw new InpageError('invalid-document', `${capturedName(source)} is HTML that cannot be parsed. Pass its text instead.`, {
        cause,
      });
    }
    signal?.throwIfAborted();
    const { text, sections } = found;
    if (!text) throw emptyDocument(source, 'If scripts make its text, pass the live page instead.');
    const lang = page.documentElement.getAttribute('lang');
    const url = canonicalUrl(html);
    title ??= sections.find(({ level }) => level === 1)?.title;
    yield {
      ...(await identify(source, { title, url, mediaType: 'text/html', ...(lang && { metadata: { lang } }) }, signal)),
      text: inPieces(text),
      ...(sections.length > 0 && { sections }),
    };
  },
};

/** A document with <html>, <head> and <body>, whichever of them the source leaves out. */
function parsePage(html: string, parse: (markup: string) => Document): Document {
  if (!/<html[\s>]/i.test(html)) {
    const inner = html.replace(/<!doctype[^>]*>/gi, '').replace(/<\/?(?:head|body)(?:\s[^>]*)?>/gi, '');
    return parse(`<html><head></head><body>${inner}</body></html>`);
  }
  const page = parse(html);
  const root = page.documentElement;
  let body = [...root.children].find(({ localName }) => localName === 'body');
  if (!body) {
    body = page.createElement('body');
    for (const node of [...root.childNodes]) if ((node as Element).localName !== 'head') body.append(node);
    root.append(body);
  }
  return page;
}

function pageTitle(page: Document): string | undefined {
  const title = page.querySelector('title')?.textContent ?? page.querySelector('h1')?.textContent;
  return title?.replace(/\s+/g, ' ').trim() || undefined;
}

/** Readability renames headings of level 1 and drops buttons, which in accordions hold the heading's text; permalinks go. */
function markHeadings(page: Document): void {
  for (const heading of page.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    heading.setAttribute(levelAttribute, heading.localName.slice(1));
    for (const link of heading.querySelectorAll('a')) if (/^\s*[¶#§🔗]\s*$/u.test(link.textContent ?? '')) link.remove();
    for (const button of heading.querySelectorAll('button')) button.replaceWith(...button.childNodes);
  }
}

function isModest(page: Document): boolean {
  let depth = 0;
  let elements = 0;
  let node: Node | null = page.body;
  while (node) {
    if (node.nodeType === 1) elements++;
    if (elements > largestArticle.elements || depth > largestArticle.depth) return false;
    if (node.firstChild) {
      node = node.firstChild;
      depth++;
      continue;
    }
    while (node && !node.nextSibling) {
      node = node.parentNode;
      depth--;
      if (node === page.body) return true;
    }
    node = node?.nextSibling ?? null;
  }
  return true;
}

/** Characters that are not in links, white space left out. */
function proseLength(root: Element): number {
  const length = (element: Element) => (element.textContent ?? '').replace(/\s+/g, '').length;
  let links = 0;
  for (const link of root.querySelectorAll('a')) links += length(link);
  return length(root) - links;
}

function canonicalUrl(html: string): string | undefined {
  const link = /<link\s[^>]*rel\s*=\s*["']?canonical["'\s>][^>]*>|<link\s[^>]*rel=canonical[^>]*>/i.exec(
    html.slice(0, 100_000),
  )?.[0];
  const address = link && /href\s*=\s*["']?([^"'\s>]+)/i.exec(link)?.[1];
  return address && /^https?:/i.test(address) && URL.canParse(address) ? new URL(address).href : undefined;
}
