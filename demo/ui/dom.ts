// Makes and finds elements. Text always becomes a text node, never markup.

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

/** An icon of the sprite in the page, hidden from assistive technology. */
export function icon(name: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** The element with this id. @throws Error if the page has none */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element with the id "${id}".`);
  return element as T;
}

/** Rows of names and values for a `dl`. */
export function factRows(facts: readonly (readonly [name: string, value: string])[]): HTMLElement[] {
  return facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)));
}

let last = 0;

/** An id that no other element has. */
export function uniqueId(prefix: string): string {
  last += 1;
  return `${prefix}-${last}`;
}

/**
 * Shows a modal dialog until it is closed, then takes it out of the page. Escape and a click beside it close it.
 * The browser gives the focus back to where it was.
 * @returns the value of the button that closed it, empty for Escape
 */
export function showDialog(dialog: HTMLDialogElement): Promise<string> {
  document.body.append(dialog);
  dialog.addEventListener('pointerdown', (event) => {
    if (event.target === dialog) dialog.close();
  });
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    dialog.showModal();
  });
}
