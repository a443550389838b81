// Dragging: with the mouse, and where an element is `draggable` with the events of HTML drag and drop besides.
import { nextTask } from '../../util/async.ts';
import { dispatch, type Point, type Pointer } from './pointer.ts';
import { elementAt, lineage, windowOf } from './tree.ts';

const steps = 8;

/**
 * Drags from a point to another of the same viewport, in steps, as pages watch the way.
 * @param source what is hit at the start
 * @param signal lets go at once
 */
export async function drag(pointer: Pointer, source: Element, from: Point, to: Point, signal: AbortSignal): Promise<void> {
  const document = source.ownerDocument;
  const dragged = [...lineage(source)].find((element) => (element as HTMLElement).draggable === true);
  const at = (point: Point) => elementAt(document, point.x, point.y) ?? document.documentElement;
  pointer.move(source, from);
  pointer.press(source, from);
  const transfer = dragged && new (windowOf(source).DataTransfer)();
  const started = transfer !== undefined && dispatch(dragged!, 'dragstart', from, { dataTransfer: transfer });
  let over: Element | undefined;
  let accepted = false;
  try {
    for (let step = 1; step <= steps; step++) {
      if (signal.aborted) break;
      const share = step / steps;
      const point = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
      const target = at(point);
      if (started) {
        const options = { dataTransfer: transfer };
        dispatch(dragged!, 'drag', point, options);
        if (target !== over) {
          dispatch(target, 'dragenter', point, { ...options, relatedTarget: over ?? null });
          if (over) dispatch(over, 'dragleave', point, { ...options, relatedTarget: target });
          over = target;
        }
        accepted = !dispatch(target, 'dragover', point, options);
      } else pointer.move(target, point);
      await nextTask();
    }
    if (started && accepted) dispatch(at(to), 'drop', to, { dataTransfer: transfer });
  } finally {
    if (started) dispatch(dragged!, 'dragend', to, { dataTransfer: transfer });
    pointer.release(at(to), to);
  }
  signal.throwIfAborted();
}
