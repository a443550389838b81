// A view as text: a line an element, in the fewest words that tell it from the others.
import type { PageElement, PageView } from '../../spec/page-view.ts';

/** The view as text for a model. Text has no number but where it may be meant: `[3] button "Send" (disabled)`. */
export function renderView({ title, elements, omitted }: PageView): string {
  const lines = elements.map(renderElement);
  if (title) lines.unshift(`Page: ${title}`);
  if (omitted > 0) lines.push(`… and ${omitted} more elements`);
  return lines.join('\n');
}

/** One element as a line. */
export function renderElement(element: PageElement): string {
  const { number, role, name, value, type, states, options, color, within, box } = element;
  const isDrawn = !element.interactive && color !== undefined;
  return [
    `[${number}]`,
    color && element.name === '' ? `${color} ${role}` : role,
    name && JSON.stringify(name),
    type && `of type ${type}`,
    value !== undefined && value !== name && `= ${JSON.stringify(value)}`,
    states && `(${states.join(', ')})`,
    options && `one of: ${options.join(' | ')}`,
    within && `in ${JSON.stringify(within)}`,
    (isDrawn || role === 'drawing' || role === 'canvas') && `at ${box.x},${box.y} size ${box.width}×${box.height}`,
  ]
    .filter(Boolean)
    .join(' ');
}
