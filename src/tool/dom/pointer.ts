// A pointer that sends the events a mouse sends, in the order in which browsers send them (UI Events, Pointer Events 3).
import { InpageError } from '../../util/errors.ts';
import { isSvg } from './look.ts';
import { activeElement, elementAt, frameOffset, hasTag, isInside, lineage, parentOf, windowOf } from './tree.ts';
import { pause } from './wait.ts';

/** A place in an element's own viewport, in CSS pixels. */
export interface Point {
  x: number;
  y: number;
}

/** What is held down during a click. */
export interface Modifiers {
  ctrlKey?: boolean;
  shiftKey?: boolean;
  altKey?: boolean;
  metaKey?: boolean;
}

const focusable =
  'a[href], area[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable]:not([contenteditable="false"])';

/** One mouse. It remembers what it is over, so that leaving is told too. */
export class Pointer {
  #over: Element | undefined;
  #buttons = 0;

  /** Moves over an element's point. */
  move(target: Element, point: Point): void {
    const left = this.#over?.isConnected ? this.#over : undefined;
    if (left !== target) {
      if (left) this.#leave(left, target, point);
      this.#over = target;
      this.#enter(target, left, point);
    }
    this.#send(target, 'move', point);
  }

  /** Presses the button: focus follows, as it does under a hand. */
  press(target: Element, point: Point, detail = 1, button = 0, modifiers: Modifiers = {}): void {
    this.#buttons = button === 2 ? 2 : 1;
    const goesOn = this.#send(target, 'down', point, { button, detail, ...modifiers });
    if (goesOn) moveFocus(target);
  }

  /** Lets the button go. */
  release(target: Element, point: Point, detail = 1, button = 0, modifiers: Modifiers = {}): void {
    this.#buttons = 0;
    this.#send(target, 'up', point, { button, detail, ...modifiers });
  }

  /** Moves there and clicks. @param count 2 is a double click */
  click(target: Element, point: Point, { count = 1, button = 0, modifiers = {} as Modifiers } = {}): void {
    this.move(target, point);
    for (let detail = 1; detail <= count; detail++) {
      this.press(target, point, detail, button, modifiers);
      if (!target.isConnected) return;
      this.release(target, point, detail, button, modifiers);
      if (!target.isConnected) return;
      const options = { button, detail, ...modifiers };
      dispatch(target, button === 2 ? 'contextmenu' : 'click', point, options);
      if (detail === 2) dispatch(target, 'dblclick', point, options);
    }
  }

  #enter(target: Element, from: Element | undefined, point: Point): void {
    const options = { relatedTarget: from ?? null };
    dispatch(target, 'pointerover', point, options);
    for (const element of entered(target, from)) dispatch(element, 'pointerenter', point, { ...options, bubbles: false });
    dispatch(target, 'mouseover', point, options);
    for (const element of entered(target, from)) dispatch(element, 'mouseenter', point, { ...options, bubbles: false });
  }

  #leave(from: Element, target: Element, point: Point): void {
    const options = { relatedTarget: target };
    const left = entered(from, target).reverse();
    dispatch(from, 'pointerout', point, options);
    for (const element of left) dispatch(element, 'pointerleave', point, { ...options, bubbles: false });
    dispatch(from, 'mouseout', point, options);
    for (const element of left) dispatch(element, 'mouseleave', point, { ...options, bubbles: false });
  }

  /** The pointer event and the mouse event after it. @returns whether the mouse event's own effect shall follow */
  #send(target: Element, name: 'move' | 'down' | 'up', point: Point, options: MouseEventInit = {}): boolean {
    const held = { buttons: this.#buttons, ...options };
    const goesOn = dispatch(target, `pointer${name}`, point, { ...held, ...(name === 'move' && { button: -1 }) });
    return dispatch(target, `mouse${name}`, point, held) && goesOn;
  }
}

/** Elements that are newly entered on the way from one element to another, from the outside in. */
function entered(target: Element, from: Element | undefined): Element[] {
  const path: Element[] = [];
  for (const element of lineage(target)) {
    if (from && isInside(from, element)) break;
    if (element.ownerDocument === target.ownerDocument) path.push(element);
  }
  return path.reverse();
}

/** Sends one mouse, pointer or drag event. @returns false if it was prevented */
export function dispatch(
  target: Element,
  type: string,
  point: Point,
  options: MouseEventInit & { dataTransfer?: DataTransfer } = {},
): boolean {
  const view = windowOf(target);
  const { x, y } = frameOffset(target);
  const init = {
    bubbles: true,
    cancelable: !/(?:enter|leave)$/.test(type),
    composed: true,
    view,
    clientX: point.x,
    clientY: point.y,
    screenX: view.screenX + point.x + x,
    screenY: view.screenY + point.y + y,
    ...options,
  };
  if (type.startsWith('pointer') || /^(?:click|contextmenu)$/.test(type)) {
    const pointer = {
      pointerId: 1,
      pointerType: 'mouse',
      isPrimary: true,
      width: 1,
      height: 1,
      pressure: options.buttons ? 0.5 : 0,
    };
    return target.dispatchEvent(new view.PointerEvent(type, { ...init, ...pointer }));
  }
  if (type.startsWith('drag') || type === 'drop') return target.dispatchEvent(new view.DragEvent(type, init));
  return target.dispatchEvent(new view.MouseEvent(type, init));
}

/** Gives the focus to what takes it at or around an element, or takes it from whatever has it. */
export function moveFocus(target: Element): void {
  for (const element of lineage(target)) {
    if (!element.matches(focusable) || element.matches(':disabled')) continue;
    (element as HTMLElement).focus({ preventScroll: true });
    return;
  }
  const active = activeElement(target.ownerDocument);
  if (active && !hasTag(active, 'body')) (active as HTMLElement).blur?.();
}

/** As {@link hitPoint}, with some patience: what covers an element may be on its way out. */
export async function reach(
  element: Element,
  offset: Point | undefined,
  signal: AbortSignal,
): Promise<{ target: Element; point: Point }> {
  for (let attempt = 1; attempt < 10; attempt++) {
    try {
      return hitPoint(element, offset);
    } catch {
      await pause(60, signal);
    }
  }
  return hitPoint(element, offset);
}

/**
 * Where to click an element: a point of it that nothing covers, and what is hit there. Scrolls it into view.
 * @param offset from the element's upper left corner; without it the middle is tried first
 * @throws InpageError `invalid-argument` if something else covers it
 */
export function hitPoint(element: Element, offset?: Point): { target: Element; point: Point } {
  element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
  const boxes = [element.getBoundingClientRect(), ...element.getClientRects()];
  const [whole] = boxes as [DOMRect];
  const points = offset
    ? [{ x: whole.left + offset.x, y: whole.top + offset.y }]
    : boxes.flatMap(({ left, top, width, height }) =>
        [0.5, 0.2, 0.8].map((share) => ({ x: left + width * share, y: top + height * share })),
      );
  let cover: Element | undefined;
  for (const point of points) {
    const hit = elementAt(element.ownerDocument, point.x, point.y);
    if (hit && (isInside(hit, element) || (offset && isSvg(element)))) return { target: hit, point };
    if (hit && hasTag(parentOf(element), 'label') && isInside(hit, parentOf(element)!)) return { target: element, point };
    cover ??= hit;
  }
  // Lines have no area to hit, and what has no box can still have the focus.
  if (!cover || whole.width < 2 || whole.height < 2 || isInside(element, cover)) return { target: element, point: points[0]! };
  const name = cover.id ? `${cover.localName}#${cover.id}` : cover.localName;
  throw new InpageError('invalid-argument', `The element is covered by another one (${name}). Close or move that first.`);
}
