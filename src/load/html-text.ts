// Text of a DOM tree as a reader sees it: paragraphs apart by blank lines, "- " before list items, tabs between table cells,
// ``` around listings; headings with their places. Walks without recursion, so that depth does not matter.
import type { Section } from '../spec/document.ts';

/** Attribute with the level of a heading whose element was renamed. */
export const levelAttribute = 'data-inpage-level';

const skipped = new Set(
  'head title meta link script style noscript template iframe frame object embed canvas svg audio video source track input textarea select datalist button dialog area map'.split(
    ' ',
  ),
);
const blocks = new Set(
  'address article aside blockquote body caption center details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main nav ol p pre search section summary table ul'.split(
    ' ',
  ),
);
const lines = new Set(['li', 'tr', 'dt', 'dd', 'br', 'option']);

/** A cell with more text, or with structure of its own, belongs to a table that only places things on the page. */
const longestCell = 1_000;

class TextWriter {
  readonly sections: Section[] = [];
  /** Depth of the lists around. */
  lists = 0;
  /** Cells around: in them everything is one line. */
  cells = 0;
  #parts: string[] = [];
  #length = 0;
  /** Line breaks owed before the next text. */
  #breaks = 0;
  #space: '' | ' ' | '\t' = '';
  #marker = '';
  #heading: { level: number; start: number; from: number } | undefined;

  break(count: number): void {
    if (this.cells > 0) this.#space ||= ' ';
    else if (!this.#marker) this.#breaks = Math.max(this.#breaks, count);
  }

  item(): void {
    this.break(1);
    if (this.cells === 0) this.#marker = `${'  '.repeat(Math.max(0, this.lists - 1))}- `;
  }

  /** Ends an item, which may have had no text. */
  endItem(): void {
    this.#marker = '';
    this.break(1);
  }

  nextCell(): void {
    this.#space = '\t';
  }

  text(text: string): void {
    const collapsed = text.replace(/[\s\u00a0]+/g, ' ');
    const content = collapsed.trim();
    if (collapsed.startsWith(' ')) this.#space ||= ' ';
    if (!content) return;
    this.#write(content);
    if (collapsed.endsWith(' ')) this.#space = ' ';
  }

  /** Text whose white space counts. */
  listing(text: string): void {
    const content = text.replaceAll('\r\n', '\n').replace(/^\n+|\s+$/g, '');
    if (!content.trim()) return;
    if (this.cells > 0 || !content.includes('\n')) {
      this.text(content);
      return;
    }
    const fence = content.includes('```') ? '~~~~' : '```';
    this.#write(`${fence}\n${content}\n${fence}`);
  }

  openHeading(level: number): void {
    this.#heading ??= { level, start: -1, from: this.#parts.length };
  }

  closeHeading(): void {
    const heading = this.#heading;
    this.#heading = undefined;
    if (!heading || heading.start < 0) return;
    const title = this.#parts
      .slice(heading.from)
      .join('')
      .replace(/^[\s-]+|\s+$/g, '')
      .replace(/\s+/g, ' ');
    if (title) this.sections.push({ level: heading.level, title, start: heading.start, end: 0 });
  }

  #write(content: string): void {
    if (this.#length > 0) {
      if (this.#breaks > 0) this.#push('\n'.repeat(this.#breaks));
      else if (this.#space) this.#push(this.#space);
    }
    if (this.#marker) this.#push(this.#marker);
    if (this.#heading && this.#heading.start < 0) this.#heading.start = this.#length;
    this.#push(content);
    this.#breaks = 0;
    this.#space = '';
    this.#marker = '';
  }

  #push(part: string): void {
    this.#parts.push(part);
    this.#length += part.length;
  }

  toString(): string {
    return this.#parts.join('');
  }
}

/** Text and sections of a tree. Offsets are those of the text. */
export function extractText(root: Element): { text: string; sections: Section[] } {
  const writer = new TextWriter();
  walk(root, writer);
  const text = writer.toString();
  writer.sections.forEach((section, i) => {
    section.end = writer.sections[i + 1]?.start ?? text.length;
  });
  return { text, sections: writer.sections };
}

function walk(root: Element, writer: TextWriter): void {
  let node: Node | null = root;
  while (node) {
    const child: Node | null = enter(node, writer) ? node.firstChild : null;
    if (child) {
      node = child;
      continue;
    }
    while (node) {
      leave(node, writer);
      if (node === root) return;
      if (node.nextSibling) {
        node = node.nextSibling;
        break;
      }
      node = node.parentNode;
    }
  }
}

function headingLevel(element: Element, tag: string): number {
  const renamed = Number(element.getAttribute(levelAttribute));
  if (renamed) return renamed;
  if (/^h[1-6]$/.test(tag)) return Number(tag[1]);
  if (element.getAttribute('role') !== 'heading') return 0;
  return Math.min(6, Math.max(1, Number(element.getAttribute('aria-level')) || 2));
}

function isCell(element: Element, tag: string): boolean {
  if (tag !== 'td' && tag !== 'th') return false;
  return !element.querySelector('table, h1, h2, h3, h4, h5, h6, pre') && (element.textContent ?? '').length <= longestCell;
}

/** @returns whether to go into the node */
function enter(node: Node, writer: TextWriter): boolean {
  if (node.nodeType === 3) {
    writer.text((node as Text).data);
    return false;
  }
  if (node.nodeType !== 1) return false;
  const element = node as Element;
  const tag = element.localName.toLowerCase();
  if (skipped.has(tag)) return false;
  const level = headingLevel(element, tag);
  if (level > 0) {
    writer.break(2);
    writer.openHeading(level);
  } else if (tag === 'pre') {
    writer.break(2);
    writer.listing(element.textContent ?? '');
    return false;
  } else if (tag === 'li') writer.item();
  else if (isCell(element, tag)) {
    if (element.previousElementSibling) writer.nextCell();
    writer.cells++;
  } else if (tag === 'ul' || tag === 'ol') {
    // A list inside a list goes on with it.
    writer.break(writer.lists++ > 0 ? 1 : 2);
  } else if (blocks.has(tag) || tag === 'td' || tag === 'th') writer.break(2);
  else if (lines.has(tag)) writer.break(1);
  return true;
}

function leave(node: Node, writer: TextWriter): void {
  if (node.nodeType !== 1) return;
  const element = node as Element;
  const tag = element.localName.toLowerCase();
  if (skipped.has(tag)) return;
  if (headingLevel(element, tag) > 0) {
    writer.closeHeading();
    writer.break(2);
  } else if (tag === 'li') writer.endItem();
  else if (isCell(element, tag)) writer.cells--;
  else if (tag === 'ul' || tag === 'ol') writer.break(--writer.lists > 0 ? 1 : 2);
  else if (blocks.has(tag) || tag === 'td' || tag === 'th') writer.break(2);
  else if (lines.has(tag) && tag !== 'br') writer.break(1);
}
