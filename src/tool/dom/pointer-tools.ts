// Tools that use the mouse: click, hover, scroll, drag.
import type { Tool } from '../../spec/tool.ts';
import { InpageError } from '../../util/errors.ts';
import { drag } from './drag.ts';
import type { PageSession } from './page-session.ts';
import { type Modifiers, reach } from './pointer.ts';
import { cornerOf } from './read-view.ts';
import * as schema from './schemas.ts';
import { rangeOf } from './text-range.ts';
import { frameOffset, hasTag, lineage, windowOf } from './tree.ts';
import { pause } from './wait.ts';

interface ClickInput {
  element: number;
  text?: string;
  x?: number;
  y?: number;
  count?: number;
  button?: 'left' | 'right';
  modifiers?: readonly ('Control' | 'Shift' | 'Alt' | 'Meta')[];
}

interface ScrollInput {
  element?: number;
  to: 'up' | 'down' | 'left' | 'right' | 'top' | 'bottom';
}

interface DragInput {
  element: number;
  to?: number;
  position?: 'before' | 'middle' | 'after';
  dx?: number;
  dy?: number;
  x?: number;
  y?: number;
}

/** An offset from the element's corner; where only one axis is given, the other is the middle. */
function offsetIn(element: Element, x: number | undefined, y: number | undefined) {
  if (x === undefined && y === undefined) return undefined;
  const { width, height } = element.getBoundingClientRect();
  return { x: x ?? width / 2, y: y ?? height / 2 };
}

/** The middle of a word of an element's text, from the element's corner. */
function offsetOf(element: Element, text: string) {
  const word = rangeOf(element, text).getBoundingClientRect();
  const { left, top } = element.getBoundingClientRect();
  return { x: word.left + word.width / 2 - left, y: word.top + word.height / 2 - top };
}

/** Lets the page answer an action before the next one. */
const settle = (signal: AbortSignal) => pause(0, signal);

/** Click, hover, scroll and drag. */
export function pointerTools(session: PageSession) {
  return {
    click: {
      description: 'Clicks an element: a button, a link, a box to check, a tab, a drawing at a position.',
      inputSchema: schema.object(
        {
          element: schema.element,
          text: schema.text('A word of the text of the element, to click just there'),
          x: schema.offset('right'),
          y: schema.offset('down'),
          count: schema.whole(1, 2, 'Clicks; 2 is a double click. Default 1'),
          button: schema.oneOf(['left', 'right'], 'Default left'),
          modifiers: { type: 'array', items: { enum: ['Control', 'Shift', 'Alt', 'Meta'] }, description: 'Keys held down' },
        },
        'element',
      ),
      aliases: ['press the button', 'check the box', 'open the link', 'choose', 'submit'],
      execute: async ({ element: number, text, x, y, count, button = 'left', modifiers = [] }: ClickInput, { signal }) => {
        const element = session.enabled(number);
        const told = session.numbers.tell(number);
        const held: Modifiers = {
          ctrlKey: modifiers.includes('Control'),
          shiftKey: modifiers.includes('Shift'),
          altKey: modifiers.includes('Alt'),
          metaKey: modifiers.includes('Meta'),
        };
        if (hasTag(element, 'select'))
          throw new InpageError('invalid-argument', `${told} is a list. Use select with one of its options.`);
        session.guard(element, held);
        const { target, point } = await reach(element, text ? offsetOf(element, text) : offsetIn(element, x, y), signal);
        session.guard(target, held);
        session.pointer.click(target, point, { count, button: button === 'right' ? 2 : 0, modifiers: held });
        await settle(signal);
        return `Clicked ${told}.`;
      },
    } satisfies Tool<ClickInput, string>,

    hover: {
      description: 'Moves the mouse over an element, without clicking.',
      inputSchema: schema.object({ element: schema.element, x: schema.offset('right'), y: schema.offset('down') }, 'element'),
      readOnly: true,
      execute: async ({ element: number, x, y }: { element: number; x?: number; y?: number }, { signal }) => {
        const element = session.find(number);
        const { target, point } = await reach(element, offsetIn(element, x, y), signal);
        session.pointer.move(target, point);
        await settle(signal);
        return `The mouse is over ${session.numbers.tell(number)}.`;
      },
    } satisfies Tool<{ element: number; x?: number; y?: number }, string>,

    scroll: {
      description: 'Scrolls the page, or an element that scrolls: by most of what is shown, or to an end.',
      inputSchema: schema.object(
        { element: schema.element, to: schema.oneOf(['up', 'down', 'left', 'right', 'top', 'bottom'], 'Where to') },
        'to',
      ),
      readOnly: true,
      execute: async ({ element: number, to }: ScrollInput, { signal }) => {
        const element = number === undefined ? session.root : session.find(number);
        const scroller = scrollable(element, /left|right/.test(to));
        const { clientWidth, clientHeight, scrollHeight } = scroller;
        const by = { up: [0, -0.9], down: [0, 0.9], left: [-0.9, 0], right: [0.9, 0], top: [0, 0], bottom: [0, 0] }[to];
        const before = [scroller.scrollLeft, scroller.scrollTop] as const;
        const view = windowOf(scroller);
        const [deltaX, deltaY] = [by[0]! * clientWidth, by[1]! * clientHeight];
        if (!scroller.dispatchEvent(new view.WheelEvent('wheel', { bubbles: true, cancelable: true, deltaX, deltaY, view })))
          return 'The page uses the wheel for something else.';
        if (to === 'top') scroller.scrollTo({ top: 0, behavior: 'instant' });
        else if (to === 'bottom') scroller.scrollTo({ top: scrollHeight, behavior: 'instant' });
        else scroller.scrollBy({ left: deltaX, top: deltaY, behavior: 'instant' });
        await nextFrame(view, signal);
        const moved = scroller.scrollLeft !== before[0] || scroller.scrollTop !== before[1];
        return moved ? `Scrolled ${to}.` : `It is scrolled to the ${to} already.`;
      },
    } satisfies Tool<ScrollInput, string>,

    drag: {
      description: 'Drags an element onto another one, by some pixels, or to a position in the page.',
      inputSchema: schema.object(
        {
          element: schema.element,
          to: schema.element,
          position: schema.oneOf(['before', 'middle', 'after'], 'Where on the other element. Default middle'),
          dx: { type: 'number', description: 'Without `to`: pixels to the right; negative: to the left' },
          dy: { type: 'number', description: 'Without `to`: pixels down; negative: up' },
          x: { type: 'number', description: 'Without `to`: position in the page, as read_page tells positions' },
          y: { type: 'number', description: 'Without `to`: position in the page' },
        },
        'element',
      ),
      aliases: ['move', 'drag and drop', 'reorder'],
      execute: async ({ element: number, to, position = 'middle', dx = 0, dy = 0, x, y }: DragInput, { signal }) => {
        const source = session.enabled(number);
        const { target, point: from } = await reach(source, undefined, signal);
        let end = { x: from.x + dx, y: from.y + dy };
        if (to !== undefined) {
          const { left, top, width, height } = session.find(to).getBoundingClientRect();
          const share = { before: 0.05, middle: 0.5, after: 0.95 }[position];
          end = { x: left + width / 2, y: top + height * share };
        } else if (x !== undefined || y !== undefined) {
          const corner = cornerOf(session.root);
          const offset = frameOffset(source);
          end = { x: (x ?? from.x) + corner.x - offset.x, y: (y ?? from.y) + corner.y - offset.y };
        } else if (dx === 0 && dy === 0) {
          throw new InpageError('invalid-argument', 'Say where to drag it: to an element, by dx and dy, or to x and y.');
        }
        await drag(session.pointer, target, from, end, signal);
        await settle(signal);
        return `Dragged ${session.numbers.tell(number)}.`;
      },
    } satisfies Tool<DragInput, string>,
  };
}

/** The element itself, or the nearest one around it that scrolls; at last the page. */
function scrollable(element: Element, across: boolean): Element {
  for (const around of lineage(element)) {
    const { overflowX, overflowY } = windowOf(around).getComputedStyle(around);
    const scrolls = across
      ? /auto|scroll/.test(overflowX) && around.scrollWidth > around.clientWidth
      : /auto|scroll/.test(overflowY) && around.scrollHeight > around.clientHeight;
    if (scrolls) return around;
  }
  return element.ownerDocument.scrollingElement ?? element.ownerDocument.documentElement;
}

/** Pages hear of scrolling with the next frame; a page in the background draws none. */
function nextFrame(view: Window, signal: AbortSignal): Promise<void> {
  const frame = new Promise<void>((resolve) => view.requestAnimationFrame(() => setTimeout(resolve)));
  return Promise.race([frame, pause(100, signal)]);
}
