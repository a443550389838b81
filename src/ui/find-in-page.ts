// Finds a quoted passage in the live page. Its text went through a reader that rearranges white space and adds list marks, so only
// letters and digits are compared.

/** Letters and digits of a part of the page, and where each stands. */
interface PageText {
  text: string;
  nodes: Text[];
  /** For each code unit of `text`: its node, as an index, and its offset in it. */
  places: { node: number; offset: number }[];
}

const kept = /[\p{L}\p{N}]/u;
const unread = 'script, style, noscript, template, textarea, select, inpage-chat';

function readPage(root: Element): PageText {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest(unread) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const page: PageText = { text: '', nodes: [], places: [] };
  const parts: string[] = [];
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    let offset = 0;
    for (const character of node.data) {
      if (kept.test(character)) {
        parts.push(character);
        for (let unit = 0; unit < character.length; unit++) page.places.push({ node: page.nodes.length, offset: offset + unit });
      }
      offset += character.length;
    }
    page.nodes.push(node);
  }
  page.text = parts.join('');
  return page;
}

function essence(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * The range of a quote.
 * @param root part of the page that was read
 * @param context the passage around the quote: where the same words stand twice, those within it are meant
 * @returns undefined where the page does not show the words any more
 */
export function findInPage(root: Element, quote: string, context = ''): Range | undefined {
  const page = readPage(root);
  const wanted = essence(quote);
  if (!wanted) return undefined;
  const around = essence(context);
  const passage = around ? page.text.indexOf(around) : -1;
  const within = passage < 0 ? -1 : page.text.indexOf(wanted, passage);
  const start = within >= 0 && within + wanted.length <= passage + around.length ? within : page.text.indexOf(wanted);
  if (start < 0) return undefined;
  const from = page.places[start]!;
  const to = page.places[start + wanted.length - 1]!;
  const range = document.createRange();
  range.setStart(page.nodes[from.node]!, from.offset);
  range.setEnd(page.nodes[to.node]!, to.offset + 1);
  return range;
}
