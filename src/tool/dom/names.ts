// What elements are called: accessible names (accname 1.2), and where there is none, the label beside an element or its attributes.
import { computeAccessibleName } from 'dom-accessibility-api';
import type { Looks } from './look.ts';
import { childNodes, hasTag, isElement, parentOf } from './tree.ts';

const longest = 200;
const fields = 'input, select, textarea, button, [contenteditable], [role=textbox], [role=combobox]';

/** Cut to a length that a list can show. */
export function shorten(text: string, length = longest): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1).trimEnd()}…` : line;
}

/** The name of an element; empty where nothing tells what it is. Text that is hidden from people is no part of it. */
export function nameOf(element: Element, role: string, looks: Looks): string {
  const isField = hasTag(element, 'input', 'select', 'textarea') || role === 'textbox';
  if (isField && !element.hasAttribute('aria-label') && !element.hasAttribute('aria-labelledby')) {
    const labels = [...((element as HTMLInputElement).labels ?? [])].map((label) => looks.text(label)).filter(Boolean);
    if (labels.length > 0) return shorten(labels.join(' '));
  }
  const isNamed = element.hasAttribute('aria-label') || element.hasAttribute('aria-labelledby');
  const name = (!isNamed && !isField && looks.text(element)) || accessibleName(element);
  const placeholder = element.getAttribute('placeholder') ?? '';
  return shorten(name || placeholder || (isField ? beside(element, looks) : '') || hints(element, looks));
}

function accessibleName(element: Element): string {
  try {
    return computeAccessibleName(element);
  } catch {
    // The library knows no shadow roots; an id that points out of one throws in some browsers.
    return element.getAttribute('aria-label') ?? '';
  }
}

/** The text that stands beside a field, as its label would: before it, or after a box to check. */
function beside(field: Element, looks: Looks): string {
  const after = hasTag(field, 'input') && /checkbox|radio/.test(field.type);
  let current: Element = field;
  for (let level = 0; level < 3; level++) {
    const parent = parentOf(current);
    if (!parent) break;
    const siblings = [...childNodes(parent)];
    const place = siblings.indexOf(current);
    const before = siblings.slice(0, place).reverse();
    const behind = siblings.slice(place + 1);
    for (const side of after ? [behind, before] : [before]) {
      const text = nearest(side, looks);
      if (text) return text.replace(/[\s:*]+$/, '');
    }
    current = parent;
  }
  return '';
}

/** The first text among siblings, up to the next field. */
function nearest(siblings: readonly Node[], looks: Looks): string {
  for (const node of siblings) {
    if (isElement(node)) {
      if (node.matches(fields) || node.querySelector(fields)) return '';
      const text = looks.text(node);
      if (text) return text;
    } else if (node.nodeType === 3 && node.nodeValue?.trim()) return node.nodeValue;
  }
  return '';
}

/** Words from attributes that tell what an element without any text is for, such as `trash` of an icon. */
function hints(element: Element, looks: Looks): string {
  const image = /url\("?([^")]*)"?\)/.exec(looks.of(element).style.content)?.[1] ?? element.getAttribute('src') ?? '';
  const file = image.startsWith('data:')
    ? ''
    : (image
        .split(/[?#]/)[0]!
        .split('/')
        .at(-1)!
        .replace(/\.\w+$/, '') ?? '');
  const sources = [element.getAttribute('title'), element.getAttribute('name'), element.id, element.getAttribute('class'), file];
  const words = sources
    .filter((source) => source !== null && source.length < 300)
    .flatMap((source) =>
      source!
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase()
        .split(/[^a-z]+/),
    )
    .filter((word) => word.length > 1);
  return [...new Set(words)].slice(0, 6).join(' ');
}
