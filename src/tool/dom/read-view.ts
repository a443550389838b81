// Reads a page into numbered elements: what can be seen, in reading order, with what tells the elements apart.
import type { PageElement, PageView } from '../../spec/page-view.ts';
import { colorName, hex, parseColor } from './color.ts';
import { childElements, isEditingHost, isInline, isInteractive, roleOf, shownValue, statesOf } from './kinds.ts';
import { isSvg, Looks, paint } from './look.ts';
import { nameOf, shorten } from './names.ts';
import type { ElementNumbers } from './numbers.ts';
import { activeElement, childNodes, hasTag, isElement, lineage } from './tree.ts';

/** What is read, and how much of it. */
export interface ReadOptions {
  root: Element;
  /** Selector of what is left out. */
  ignore: string;
  maxElements: number;
}

/** An element on its way into the view. */
interface Found {
  element: Element;
  role: string;
  name: string;
  interactive: boolean;
}

/** Elements that are called the same. */
interface Group {
  size: number;
  /** How many of them are in an element, up to the root. */
  inside: Map<Element, number>;
}

/** Roles of text that are told; any other is `text`. */
const textRoles = new Set(['heading', 'listitem', 'cell', 'columnheader', 'rowheader', 'alert', 'status', 'caption', 'legend']);
const atomic = 'button, input, select, textarea, summary';

/** Reads what can be seen of a page. */
export function readView({ root, ignore, maxElements }: ReadOptions, numbers: Pick<ElementNumbers, 'begin' | 'give'>): PageView {
  const looks = new Looks(ignore);
  const found: Found[] = [];
  collect(root, false);
  const shown = found.slice(0, maxElements);
  const groups = new Map<string, Group>();
  for (const one of shown) if (one.interactive || one.role === 'image') groupOf(one);
  const corner = cornerOf(root);
  const active = activeElement(root.ownerDocument);
  numbers.begin();
  const elements = shown.map((one) => describe(one, groups.get(keyOf(one))));
  return { title: root.ownerDocument.title, elements, omitted: found.length - shown.length };

  /** Puts an element to those that are called the same. */
  function groupOf(one: Found): void {
    const group = groups.get(keyOf(one)) ?? { size: 0, inside: new Map<Element, number>() };
    groups.set(keyOf(one), group);
    group.size++;
    for (const around of lineage(one.element)) {
      group.inside.set(around, (group.inside.get(around) ?? 0) + 1);
      if (around === root) break;
    }
  }

  /** @param quiet inside of something whose text is told already */
  function collect(element: Element, quiet: boolean): void {
    const look = looks.of(element);
    if (look.hidden) return;
    const role = roleOf(element, looks);
    const interactive = isInteractive(element, role, looks);
    const drawn = isSvg(element) && role !== undefined;
    let inside = quiet;
    if (look.visible && (interactive || drawn || role === 'image' || isSwatch(element))) {
      const told = role ?? (interactive ? 'clickable' : 'shape');
      // The name of a drawing would be all that is written in it, and that comes by itself.
      const name = told === 'drawing' ? '' : nameOf(element, told, looks);
      found.push({ element, role: told, name, interactive });
      if (element.matches(atomic) || isEditingHost(element)) return;
      inside = told !== 'drawing' && !(told === 'clickable' && hasParts(element));
    } else if (look.visible && !quiet) {
      const text = ownText(element);
      if (text) {
        found.push({ element, role: role && textRoles.has(role) ? role : 'text', name: shorten(text, 400), interactive: false });
      } else if (statesOf(element, looks, undefined).includes('scrollable')) {
        found.push({ element, role: role ?? 'region', name: '', interactive: false });
      }
    }
    const inLine = inside || (look.visible && !quiet && ownText(element) !== '');
    for (const child of childElements(element)) collect(child, inside || (inLine && isInline(child, looks)));
  }

  /** Whether something to click is a group of several things, which may each do something of their own. */
  function hasParts(element: Element): boolean {
    const isText = (node: Node) => node.nodeType === 3 && Boolean(node.nodeValue?.trim());
    const parts = childElements(element).filter((child) => looks.text(child));
    if (childNodes(element).some(isText)) return false;
    return parts.length === 1 ? hasParts(parts[0]!) : parts.length > 1;
  }

  /** The text that stands in an element itself and in the parts of its lines; empty where all of it is in things to act on. */
  function ownText(element: Element): string {
    if (hasTag(element, 'label') && element.control) return '';
    if (!hasPlainText(element)) return '';
    const parts: string[] = [];
    for (const node of childNodes(element)) {
      if (!isElement(node)) parts.push(node.nodeType === 3 && looks.of(element).readable ? (node.nodeValue ?? '') : '');
      else if (hasTag(node, 'br')) parts.push(' ');
      else if (isInline(node, looks)) parts.push(looks.text(node));
      else parts.push(' ');
    }
    return parts.join('').replace(/\s+/g, ' ').trim();
  }

  /** Whether there is text in an element's own lines that is not part of something to act on. */
  function hasPlainText(element: Element): boolean {
    const { hidden, readable } = looks.of(element);
    if (hidden) return false;
    return childNodes(element).some((node) => {
      if (!isElement(node)) return readable && node.nodeType === 3 && Boolean(node.nodeValue?.trim());
      if (!isInline(node, looks) || (hasTag(node, 'label') && node.control)) return false;
      return !isInteractive(node, roleOf(node, looks), looks) && hasPlainText(node);
    });
  }

  /** Whether an element is nothing but a patch of colour. */
  function isSwatch(element: Element): boolean {
    if (isSvg(element) || childElements(element).length > 0 || looks.text(element)) return false;
    const own = parseColor(looks.of(element).style.backgroundColor);
    const { width, height } = element.getBoundingClientRect();
    return own !== undefined && own.alpha > 0.05 && width >= 3 && height >= 3;
  }

  function describe({ element, role, name, interactive }: Found, group: Group | undefined): PageElement {
    const { edges, style } = looks.of(element);
    const value = shownValue(element, role);
    const states = statesOf(element, looks, active);
    const own = parseColor(isSvg(element) ? paint(style) : style.backgroundColor);
    const color =
      own && own.alpha > 0.05 && role !== 'drawing' && (isSvg(element) || interactive || role === 'shape') ? own : undefined;
    const within = interactive || role === 'image' ? context(element, name, group) : undefined;
    const type =
      hasTag(element, 'input') && !/^(?:text|checkbox|radio|button|submit)$/.test(element.type) ? element.type : undefined;
    return {
      number: numbers.give(element, { role, name, interactive }),
      role,
      name,
      interactive,
      ...(value !== undefined && { value: shorten(value, 2000) }),
      ...(type && { type }),
      ...(states.length > 0 && { states }),
      ...(hasTag(element, 'select') && {
        options: [...element.options].slice(0, 50).map(({ label }) => shorten(label, 80)),
      }),
      ...(color && { color: colorName(color), hex: hex(color) }),
      ...(within && { within }),
      box: {
        x: Math.round(edges.left - corner.x),
        y: Math.round(edges.top - corner.y),
        width: Math.round(edges.right - edges.left),
        height: Math.round(edges.bottom - edges.top),
      },
    };
  }

  /** The text of the largest part around an element that has no other one like it, or of the legend of its fields. */
  function context(element: Element, name: string, group: Group | undefined): string | undefined {
    if (group && group.size > 1) {
      let text = '';
      for (const around of lineage(element)) {
        if (around === root || group.inside.get(around) !== 1) break;
        text = looks.text(around);
      }
      if (text && text !== name) return shorten(text, 120);
    }
    const legend = element.closest('fieldset')?.querySelector('legend');
    const told = legend ? looks.text(legend) : '';
    return told ? shorten(told, 80) : undefined;
  }
}

const keyOf = ({ role, name }: Found) => `${role} ${name}`;

/** Where the coordinates of a view begin. */
export function cornerOf(root: Element): { x: number; y: number } {
  const { left, top } = (hasTag(root, 'body') ? root.ownerDocument.documentElement : root).getBoundingClientRect();
  return { x: left, y: top };
}
