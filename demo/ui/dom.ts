// Makes and finds elements of the demo's page.

import { h, uniqueId } from '../../src/ui/element.ts';

export { h, uniqueId };

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
