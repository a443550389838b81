// What an element is for: its role, whether it can be acted on, the state it is in, and what it holds.
import { getRole } from 'dom-accessibility-api';
import type { ElementState } from '../../spec/page-view.ts';
import { isSvg, type Looks } from './look.ts';
import { childNodes, hasTag, isElement, parentOf } from './tree.ts';

const interactiveRoles = new Set(
  (
    'button checkbox combobox gridcell link listbox menuitem menuitemcheckbox menuitemradio option radio scrollbar searchbox slider ' +
    'spinbutton switch tab textbox treeitem'
  ).split(' '),
);

const shapes: Record<string, string> = {
  circle: 'circle',
  ellipse: 'ellipse',
  rect: 'rectangle',
  line: 'line',
  polyline: 'line',
  path: 'shape',
  image: 'image',
  text: 'text',
  use: 'shape',
};

/** The role of an element, or undefined where it has none that is worth telling. */
export function roleOf(element: Element, looks: Looks): string | undefined {
  const explicit = element.getAttribute('role')?.trim().split(/\s+/)[0];
  if (explicit && !/^(?:none|presentation|generic)$/.test(explicit)) return explicit;
  if (isSvg(element)) return svgRole(element);
  if (hasTag(element, 'canvas')) return 'canvas';
  if (hasTag(element, 'input')) return inputRole(element);
  if (hasTag(element, 'select')) return element.multiple || element.size > 1 ? 'listbox' : 'combobox';
  if (hasTag(element, 'textarea') || isEditingHost(element)) return 'textbox';
  if (hasTag(element, 'summary')) return 'button';
  if (hasTag(element, 'a') && !element.hasAttribute('href')) return undefined;
  if (hasTag(element, 'option', 'optgroup')) return undefined;
  const role = getRole(element) ?? undefined;
  if (role === 'img' || looks.of(element).style.content.startsWith('url(')) return 'image';
  return role;
}

function svgRole(element: SVGElement): string | undefined {
  if (element.localName === 'svg') return 'drawing';
  if (element.localName !== 'polygon') return shapes[element.localName];
  const corners = (element.getAttribute('points') ?? '').trim().split(/[\s,]+/).length / 2;
  return corners === 3 ? 'triangle' : corners === 4 ? 'rectangle' : 'polygon';
}

function inputRole({ type, list }: HTMLInputElement): string {
  if (/^(?:button|submit|reset|image|color|file)$/.test(type)) return 'button';
  if (type === 'checkbox' || type === 'radio') return type;
  if (type === 'range') return 'slider';
  if (type === 'number') return 'spinbutton';
  if (type === 'search') return 'searchbox';
  return list ? 'combobox' : 'textbox';
}

/** Whether text can be edited right in the element, and it is the outermost such one. */
export function isEditingHost(element: Element): boolean {
  if (!(element as HTMLElement).isContentEditable) return false;
  return !(parentOf(element) as HTMLElement | undefined)?.isContentEditable;
}

/** Whether an element is made to be acted on; what listens to the mouse cannot be seen, but what it looks like can. */
export function isInteractive(element: Element, role: string | undefined, looks: Looks): boolean {
  if (role === 'drawing' || role === 'canvas') return true;
  if (role && interactiveRoles.has(role)) return true;
  if (element.hasAttribute('onclick') || (element as HTMLElement).draggable === true) return !hasTag(element, 'img');
  const focusable = element.getAttribute('tabindex');
  if (focusable !== null && Number(focusable) >= 0) return true;
  if (hasTag(element, 'label')) return false;
  // A link without an address has a script behind it.
  if (hasTag(element, 'a') && (element.title || looks.text(element))) return true;
  return hasHand(element, looks);
}

/** Whether the pointer becomes a hand over the element, and not already over what is around it. */
function hasHand(element: Element, looks: Looks): boolean {
  if (looks.of(element).style.cursor !== 'pointer') return false;
  const parent = parentOf(element);
  return !parent || looks.of(parent).style.cursor !== 'pointer';
}

/** States as a person sees them, or as ARIA tells them. */
export function statesOf(element: Element, looks: Looks, active: Element | undefined): ElementState[] {
  const aria = (name: string) => element.getAttribute(`aria-${name}`);
  const field = element as HTMLInputElement;
  const isInput = hasTag(element, 'input');
  const isField = isInput || hasTag(element, 'select', 'textarea');
  const { overflowX, overflowY } = looks.of(element).style;
  const scrolls =
    (/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 1) ||
    (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1);
  const all: [ElementState, boolean][] = [
    ['checked', (isInput && field.checked) || aria('checked') === 'true'],
    ['mixed', (isInput && field.indeterminate) || aria('checked') === 'mixed'],
    ['selected', aria('selected') === 'true' || /(?:^|\s)(?:is-)?selected(?:\s|$)/.test(element.getAttribute('class') ?? '')],
    ['pressed', aria('pressed') === 'true'],
    ['expanded', aria('expanded') === 'true' || (hasTag(element, 'summary') && isOpen(element))],
    ['collapsed', aria('expanded') === 'false' || (hasTag(element, 'summary') && !isOpen(element))],
    ['disabled', isDisabled(element)],
    ['readonly', (isField && field.readOnly === true) || aria('readonly') === 'true'],
    ['required', (isField && field.required) || aria('required') === 'true'],
    ['invalid', aria('invalid') === 'true'],
    ['focused', element === active && !hasTag(element, 'body')],
    ['scrollable', scrolls],
    ['draggable', (element as HTMLElement).draggable === true && !hasTag(element, 'a', 'img')],
  ];
  return all.filter(([, holds]) => holds).map(([name]) => name);
}

function isOpen(summary: Element): boolean {
  const details = summary.parentElement;
  return hasTag(details, 'details') && details.open;
}

/** Whether an element takes no action, by itself or by a group around it. */
export function isDisabled(element: Element): boolean {
  if (element.matches(':disabled') || element.closest('[inert]')) return true;
  return element.closest('[aria-disabled]')?.getAttribute('aria-disabled') === 'true';
}

/** What a field holds, as it is shown; undefined for what is no field. */
export function shownValue(element: Element, role: string | undefined): string | undefined {
  if (hasTag(element, 'input')) {
    if (/^(?:button|submit|reset|image|checkbox|radio|hidden)$/.test(element.type)) return undefined;
    if (element.type === 'password') return '•'.repeat(element.value.length);
    return element.type === 'file' ? [...(element.files ?? [])].map(({ name }) => name).join(', ') : element.value;
  }
  if (hasTag(element, 'textarea')) return element.value;
  if (hasTag(element, 'select')) return [...element.selectedOptions].map(({ label }) => label.trim()).join(', ');
  if (isEditingHost(element)) return (element as HTMLElement).innerText.trim();
  if (role === 'slider' || role === 'spinbutton' || role === 'progressbar' || role === 'meter')
    return element.getAttribute('aria-valuetext') ?? element.getAttribute('aria-valuenow') ?? undefined;
  return undefined;
}

/** An element's children that are drawn, without text. */
export function childElements(element: Element): Element[] {
  return childNodes(element).filter(isElement);
}

/** Whether an element stands in the line of the text around it. */
export function isInline(element: Element, looks: Looks): boolean {
  return /^(?:inline|contents|ruby)$/.test(looks.of(element).style.display) && !isSvg(element);
}
