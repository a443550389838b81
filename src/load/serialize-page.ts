// The visible part of a live page as HTML, without touching the page: no scripts, no hidden elements, no form input;
// open shadow roots and slots are read as they are shown.

const skippedTags = new Set(
  'script style noscript template iframe frame object embed canvas svg audio video source track input textarea select datalist link meta inpage-chat'.split(
    ' ',
  ),
);

/** What text extraction needs to know of an element; event handlers, styles and data attributes are left behind. */
const keptAttributes = ['id', 'class', 'role', 'lang', 'dir', 'href', 'alt', 'title', 'start', 'colspan'];

const voidTags = new Set(['br', 'hr', 'img', 'wbr', 'area', 'col']);

/** HTML of an element as the reader sees it; '' for one that is hidden. */
export function serializePage(root: Element): string {
  const parts: string[] = [];
  serialize(root, parts);
  return parts.join('');
}

/** Escapes text for use in HTML. */
export function escapeHtml(text: string): string {
  return /[&<>"]/.test(text)
    ? text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!)
    : text;
}

function serialize(node: Node, parts: string[]): void {
  if (node.nodeType === 3) {
    parts.push(escapeHtml((node as Text).data));
    return;
  }
  if (node.nodeType !== 1) return;
  const element = node as Element;
  const tag = element.localName;
  if (skippedTags.has(tag) || isHidden(element)) return;
  parts.push('<', tag);
  for (const name of keptAttributes) {
    const value = element.getAttribute(name);
    if (value) parts.push(' ', name, '="', escapeHtml(value), '"');
  }
  parts.push('>');
  if (voidTags.has(tag)) return;
  for (const child of shownChildren(element)) serialize(child, parts);
  parts.push('</', tag, '>');
}

function shownChildren(element: Element): Iterable<Node> {
  if (element.shadowRoot) return element.shadowRoot.childNodes;
  if (element.localName === 'slot') {
    const assigned = (element as HTMLSlotElement).assignedNodes();
    if (assigned.length > 0) return assigned;
  }
  return element.childNodes;
}

function isHidden(element: Element): boolean {
  if (element.getAttribute('aria-hidden') === 'true') return true;
  // The text of closed <details> is hidden too, but only until it is asked for.
  if (element.hasAttribute('hidden') && element.getAttribute('hidden') !== 'until-found') return true;
  // `checkVisibility` is fast but also says no for `display: contents` and inside closed <details>.
  if (!element.isConnected || element.checkVisibility?.()) return false;
  return element.ownerDocument.defaultView?.getComputedStyle(element).display === 'none';
}
