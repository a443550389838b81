// Makes elements. Text always becomes a text node, never markup, so that no answer and no document can bring any.

type Child = Node | string | false | null | undefined;
type Listener = (event: never) => void;

/** Attributes, `on…` listeners, booleans (`true` sets an empty attribute, `false` and `undefined` none). */
export type Properties = Readonly<Record<string, string | number | boolean | undefined | Listener>>;

/**
 * An element with attributes and children.
 * @param properties names starting with `on` are listeners (`onclick`), everything else is an attribute
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== false && child !== null && child !== undefined));
  return element;
}

let last = 0;

/** An id that no other element has. */
export function uniqueId(prefix: string): string {
  last += 1;
  return `${prefix}-${last}`;
}
