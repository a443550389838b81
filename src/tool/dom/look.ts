// How elements look to a person: what is hidden, however it was hidden, and the colours. Each element is looked at once.
import { type Color, isUnreadable, over, parseColor, white } from './color.ts';
import { childNodes, hasTag, isElement, parentOf, windowOf } from './tree.ts';

/** Edges in the coordinates of the topmost document's viewport. */
export interface Edges {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** How an element looks. */
export interface Look {
  style: CSSStyleDeclaration;
  /** Neither it nor anything in it can be seen. */
  hidden: boolean;
  /** Its own box can be seen. */
  visible: boolean;
  /** Its own text can be read. */
  readable: boolean;
  /** Where it is drawn, as far as nothing cuts it off. */
  edges: Edges;
  /** What is behind its text; undefined over an image. */
  background: Color | undefined;
  /** Share of it that is not transparent, 0–1. */
  opacity: number;
  /** Cuts off what is in it. */
  clip: Edges | undefined;
  /** Upper left corner of its document. */
  origin: { x: number; y: number };
  /** How far what is in it is scrolled, its own scrolling and that of all around it. */
  scrolled: { x: number; y: number };
}

const invisibleTags = new Set(['script', 'style', 'template', 'noscript', 'head', 'meta', 'link', 'title', 'defs', 'datalist']);
const everywhere: Edges = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
const smallest = 0.05;

/** Looks at the elements of a page at one moment; forget it when the page may have changed. */
export class Looks {
  readonly #looks = new Map<Element, Look>();
  readonly #texts = new Map<Element, string>();
  readonly #ignore: string | undefined;

  /** @param ignore selector of what counts as hidden */
  constructor(ignore?: string) {
    this.#ignore = ignore;
  }

  of(element: Element): Look {
    const known = this.#looks.get(element);
    if (known) return known;
    const parent = parentOf(element);
    const look = look_(element, parent && this.of(parent));
    if (this.#ignore && element.matches(this.#ignore)) Object.assign(look, { hidden: true, visible: false, readable: false });
    this.#looks.set(element, look);
    return look;
  }

  /** The text in an element that a person can read, in one line. */
  text(element: Element): string {
    const known = this.#texts.get(element);
    if (known !== undefined) return known;
    const parts: string[] = [];
    this.#collect(element, parts);
    const text = parts.join('').replace(/\s+/g, ' ').trim();
    this.#texts.set(element, text);
    return text;
  }

  #collect(element: Element, parts: string[]): void {
    const { hidden, readable, style } = this.of(element);
    if (hidden) return;
    if (hasTag(element, 'br')) parts.push(' ');
    if (hasTag(element, 'select', 'textarea', 'input')) return;
    const apart = !/^inline|contents|none/.test(style.display);
    if (apart) parts.push(' ');
    for (const child of childNodes(element)) {
      if (isElement(child)) this.#collect(child, parts);
      else if (child.nodeType === 3 && readable) parts.push(child.nodeValue ?? '');
    }
    if (apart) parts.push(' ');
  }
}

function look_(element: Element, parent: Look | undefined): Look {
  const style = windowOf(element).getComputedStyle(element);
  const isFrameBody = hasTag(element, 'body') && hasTag(parentOf(element), 'iframe', 'frame' as 'iframe');
  const rectangle = element.getBoundingClientRect();
  const parentOrigin = parent?.origin ?? { x: 0, y: 0 };
  const origin = isFrameBody && parent ? { x: parent.edges.left, y: parent.edges.top } : parentOrigin;
  const clip = parent?.clip ?? everywhere;
  const drawn = {
    left: rectangle.left + origin.x,
    top: rectangle.top + origin.y,
    right: rectangle.right + origin.x,
    bottom: rectangle.bottom + origin.y,
  };
  // What is taken out of the flow of a clipping box is not clipped by it.
  const edges = style.position === 'fixed' ? drawn : intersect(drawn, clip);
  const opacity = (parent?.opacity ?? 1) * Number(style.opacity || 1);
  const empty = edges.right - edges.left < 0.5 && edges.bottom - edges.top < 0.5;
  const flat = edges.right - edges.left <= 0 || edges.bottom - edges.top <= 0;
  // The overflow of the outermost elements is the window's; what can be scrolled to can be seen.
  const isOutermost = hasTag(element, 'html', 'body');
  const scrolls = /auto|scroll/.test(style.overflowX) || /auto|scroll/.test(style.overflowY);
  const clips = !isOutermost && !scrolls && (/hidden|clip/.test(style.overflowX) || /hidden|clip/.test(style.overflowY));
  const background = behind(style, parent ? parent.background : white);
  const hidden =
    parent?.hidden === true ||
    invisibleTags.has(element.localName) ||
    element.getAttribute('aria-hidden') === 'true' ||
    style.display === 'none' ||
    opacity < smallest ||
    isCutAway(style, drawn) ||
    (clips && (flat || (drawn.right - drawn.left <= 1 && drawn.bottom - drawn.top <= 1)));
  const scroll = (!isFrameBody && parent?.scrolled) || { x: windowOf(element).scrollX, y: windowOf(element).scrollY };
  const isLine = isSvg(element) && !empty;
  const [right, bottom] = [drawn.right - origin.x + scroll.x, drawn.bottom - origin.y + scroll.y];
  const outside = isLine ? right < 0 || bottom < 0 : right <= 0 || bottom <= 0;
  const visible = !hidden && style.visibility === 'visible' && (style.display === 'contents' || !flat || isLine) && !outside;
  const front = parseColor(isSvg(element) ? paint(style) : style.color);
  const tooSmall = Number.parseFloat(style.fontSize) < 2 || Number.parseFloat(style.textIndent) < -200;
  const unreadable =
    front !== undefined && (front.alpha < smallest || (background !== undefined && isUnreadable(front, background)));
  return {
    style,
    hidden,
    visible,
    readable: visible && !tooSmall && !unreadable,
    edges,
    background: isSvg(element) ? undefined : background,
    opacity,
    clip: clips ? intersect(drawn, clip) : scrolls || isFrameBody ? undefined : parent?.clip,
    origin,
    scrolled: isRoot(element) ? scroll : { x: scroll.x + element.scrollLeft, y: scroll.y + element.scrollTop },
  };
}

/** Whether what scrolls the element is the window. */
function isRoot(element: Element): boolean {
  return element === element.ownerDocument.documentElement || element === element.ownerDocument.scrollingElement;
}

/** Whether an element is part of a drawing. */
export function isSvg(element: Element): element is SVGElement {
  return element.namespaceURI === 'http://www.w3.org/2000/svg';
}

/** The colour that a shape is known by: its filling, or else its outline. */
export function paint(style: CSSStyleDeclaration): string {
  const filled = parseColor(style.fill);
  return filled && filled.alpha * Number(style.fillOpacity || 1) >= smallest ? style.fill : style.stroke;
}

function intersect(first: Edges, second: Edges): Edges {
  const left = Math.max(first.left, second.left);
  const top = Math.max(first.top, second.top);
  return {
    left,
    top,
    right: Math.max(left, Math.min(first.right, second.right)),
    bottom: Math.max(top, Math.min(first.bottom, second.bottom)),
  };
}

function behind(style: CSSStyleDeclaration, parent: Color | undefined): Color | undefined {
  if (style.backgroundImage !== 'none') return undefined;
  const own = parseColor(style.backgroundColor);
  if (!own || own.alpha < smallest) return parent;
  return own.alpha > 0.99 ? own : parent && over(own, parent);
}

/** Whether `clip` or `clip-path` leaves nothing. */
function isCutAway({ clip, clipPath, position }: CSSStyleDeclaration, { left, right, top, bottom }: Edges): boolean {
  const sides = /^rect\(([\d.]+)px, ([\d.]+)px, ([\d.]+)px, ([\d.]+)px\)$/.exec(clip)?.slice(1).map(Number);
  if (sides && /absolute|fixed/.test(position) && (sides[1]! - sides[3]! <= 1 || sides[2]! - sides[0]! <= 1)) return true;
  const inset = /^inset\(([^)]*)\)$/.exec(clipPath)?.[1]?.split(' ');
  const share = (side: string | undefined, length: number) =>
    side?.endsWith('%') ? Number.parseFloat(side) / 100 : Number.parseFloat(side ?? '0') / Math.max(1, length);
  if (inset) {
    const [up, side = up, down = up, other = side] = inset;
    return (
      share(up, bottom - top) + share(down, bottom - top) >= 0.99 ||
      share(side, right - left) + share(other, right - left) >= 0.99
    );
  }
  return /^circle\(0(?:px|%)?\b/.test(clipPath);
}
