// The page as one tree: through open shadow roots, slots and frames of the same origin.

/** Whether a node is an element, in whichever window. */
export function isElement(node: Node | null | undefined): node is Element {
  return node?.nodeType === 1;
}

/** Whether an element is HTML with the given tag name, in whichever window; `instanceof` does not work across frames. */
export function hasTag<K extends keyof HTMLElementTagNameMap>(
  element: Element | null | undefined,
  ...tags: K[]
): element is HTMLElementTagNameMap[K] {
  return element?.namespaceURI === 'http://www.w3.org/1999/xhtml' && tags.includes(element.localName as K);
}

/** The document inside a frame, or undefined where it is of another origin. */
export function frameDocument(element: Element): Document | undefined {
  if (!hasTag(element, 'iframe', 'frame' as 'iframe')) return undefined;
  try {
    return element.contentDocument ?? undefined;
  } catch {
    return undefined;
  }
}

/** What is drawn inside an element, in order: its shadow tree, its slot's content, its frame's body, or its children. */
export function childNodes(element: Element): readonly Node[] {
  const inner = frameDocument(element);
  if (inner) return inner.body ? [inner.body] : [];
  if (hasTag(element, 'details') && !element.open)
    return [...element.children].filter(({ localName }) => localName === 'summary');
  if (element.shadowRoot) return [...element.shadowRoot.childNodes];
  if (hasTag(element, 'slot')) {
    const assigned = element.assignedNodes({ flatten: true });
    if (assigned.length > 0) return assigned;
  }
  return [...element.childNodes];
}

/** The element that an element is drawn in; out of shadow roots and frames. */
export function parentOf(node: Node): Element | undefined {
  const slot = (node as Element).assignedSlot;
  if (slot) return slot;
  const parent = node.parentNode;
  if (isElement(parent)) return isElement(node) && hasTag(node, 'body') ? (outOfFrame(node) ?? parent) : parent;
  return (parent as ShadowRoot | null)?.host ?? undefined;
}

/** The frame around a document's body, or undefined for the top one or one whose frame is of another origin. */
function outOfFrame(body: Element): Element | undefined {
  try {
    return body.ownerDocument.defaultView?.frameElement ?? undefined;
  } catch {
    return undefined;
  }
}

/** The element and those that it is drawn in, from the inside out. */
export function* lineage(element: Element): Generator<Element> {
  for (let current: Element | undefined = element; current; current = parentOf(current)) yield current;
}

/** Whether `inner` is drawn inside `outer`, or is the same. */
export function isInside(inner: Element, outer: Element): boolean {
  for (const element of lineage(inner)) if (element === outer) return true;
  return false;
}

/** The window of an element. */
export function windowOf(element: Element): Window & typeof globalThis {
  return element.ownerDocument.defaultView ?? globalThis.window;
}

/** Top left corner of an element's document in the coordinates of the topmost document that can be reached. */
export function frameOffset(element: Element): { x: number; y: number } {
  let [x, y] = [0, 0];
  for (let frame = outOfFrame(element); frame; frame = outOfFrame(frame)) {
    const { left, top } = frame.getBoundingClientRect();
    x += left + frame.clientLeft;
    y += top + frame.clientTop;
  }
  return { x, y };
}

/** The element that has the focus, inside shadow roots and frames. */
export function activeElement(document: Document): Element | undefined {
  let active = document.activeElement;
  for (;;) {
    const inner: Element | null | undefined =
      active && (active.shadowRoot?.activeElement ?? frameDocument(active)?.activeElement);
    if (!inner) return active ?? undefined;
    active = inner;
  }
}

/** The element at a point of its document's viewport, inside shadow roots. */
export function elementAt(root: Document | ShadowRoot, x: number, y: number): Element | undefined {
  const hit = root.elementFromPoint(x, y);
  if (!hit?.shadowRoot || hit.shadowRoot === root) return hit ?? undefined;
  return elementAt(hit.shadowRoot, x, y) ?? hit;
}
