// What the DOM tools share: the part of the page they may act in, the numbers of its elements, one mouse and one keyboard.
import type { PageView } from '../../spec/page-view.ts';
import { InpageError } from '../../util/errors.ts';
import { murmur3 } from '../../util/hash.ts';
import { Keyboard } from './keyboard.ts';
import { isDisabled } from './kinds.ts';
import { ElementNumbers } from './numbers.ts';
import { type Modifiers, Pointer } from './pointer.ts';
import { readView } from './read-view.ts';
import { renderElement } from './render-view.ts';
import { activeElement, hasTag, isInside, windowOf } from './tree.ts';

/** Where the tools may act, and where they may lead. */
export interface DomToolOptions {
  /** What is read and acted in; a function is asked anew at each call. @default the page's body */
  root?: Element | (() => Element);
  /** Selector of elements that are neither read nor acted on, such as the assistant's own panel. @default '[data-inpage-ignore]' */
  ignore?: string;
  /** Elements that are read at most, 1–1000. @default 250 */
  maxElements?: number;
  /** Whether a link or form may lead to an address. @default addresses of the page's own origin only */
  allowNavigation?: (address: URL) => boolean;
}

/** One agent's hands and eyes in a page. */
export class PageSession {
  readonly numbers: ElementNumbers;
  readonly pointer = new Pointer();
  readonly keyboard = new Keyboard();
  readonly #options: DomToolOptions & Required<Pick<DomToolOptions, 'maxElements' | 'ignore'>>;

  /** @throws InpageError `invalid-argument` if there is no page, or for a number or selector that is none */
  constructor(options: DomToolOptions) {
    const { maxElements = 250, ignore = '[data-inpage-ignore]' } = options;
    this.#options = { ...options, maxElements, ignore };
    this.numbers = new ElementNumbers(ignore);
    if (!Number.isInteger(maxElements) || maxElements < 1 || maxElements > 1000)
      throw new InpageError('invalid-argument', `maxElements is ${maxElements}; it takes a whole number from 1 to 1000.`);
  }

  get root(): Element {
    const { root } = this.#options;
    const element = typeof root === 'function' ? root() : (root ?? globalThis.document?.body);
    if (!element?.isConnected)
      throw new InpageError(
        'invalid-argument',
        'There is no page to act in, or its part has been removed. Pass a root that is in it.',
      );
    return element;
  }

  read(numbers: Pick<ElementNumbers, 'begin' | 'give'> = this.numbers): PageView {
    const { ignore, maxElements } = this.#options;
    return readView({ root: this.root, ignore, maxElements }, numbers);
  }

  /** What can be seen, without giving or renewing any numbers. */
  look(): PageView {
    return this.read(this.numbers.known());
  }

  /** What can be seen, in short: the same again where the page is the same. */
  state(): string {
    const { elements } = this.look();
    const told = elements.map(renderElement);
    return `${told.length} elements, ${murmur3(Uint32Array.from(told.join('\n'), (letter) => letter.codePointAt(0)!)).toString(16)}`;
  }

  /** The element that a number means, ready to be acted on. @throws InpageError `stale-element`, or `invalid-argument` if it is disabled */
  find(number: number): Element {
    const element = this.numbers.find(number);
    if (!isInside(element, this.root))
      throw new InpageError('stale-element', `Element [${number}] is not in the part of the page that may be acted in any more.`);
    return element;
  }

  /** As {@link PageSession.find}, for what can only be done to an element that is not disabled. */
  enabled(number: number): Element {
    const element = this.find(number);
    if (isDisabled(element))
      throw new InpageError('invalid-argument', `${this.numbers.tell(number)} is disabled. Do first what the page asks for.`);
    return element;
  }

  /** The element that a number means, or without one what has the focus. */
  target(number: number | undefined): Element {
    if (number !== undefined) return this.enabled(number);
    const active = activeElement(this.root.ownerDocument);
    if (active && isInside(active, this.root)) return active;
    throw new InpageError('invalid-argument', 'Nothing in the page has the focus. Say the number of an element.');
  }

  /**
   * Refuses what would lead out of the page: other origins, scripts in addresses, files from the user's disk.
   * @throws InpageError `invalid-argument`
   */
  guard(element: Element, modifiers: Modifiers = {}): void {
    if (hasTag(element, 'input') && element.type === 'file')
      throw new InpageError('invalid-argument', 'Files can only be chosen by the user. Ask them to do it.');
    const link = element.closest('a[href], area[href]') as HTMLAnchorElement | null;
    if (link) this.#checkAddress(link.href, element, modifiers);
    const button = element.closest('button, input') as HTMLButtonElement | HTMLInputElement | null;
    if (button?.form && /^(?:submit|image)$/.test(button.type)) this.#checkAddress(targetOf(button.form, button), element);
  }

  /** As {@link PageSession.guard}, for Enter in a field, which sends its form. */
  guardForm(field: Element): void {
    const form = field.closest('form');
    if (form) this.#checkAddress(targetOf(form, form.querySelector('button:not([type]), [type=submit], [type=image]')), field);
  }

  #checkAddress(address: string, element: Element, modifiers: Modifiers = {}): void {
    const { baseURI } = element.ownerDocument;
    const url = URL.canParse(address, baseURI) ? new URL(address, baseURI) : undefined;
    const { origin: own } = windowOf(element);
    const { allowNavigation = ({ origin, protocol }: URL) => origin === own && /^https?:$/.test(protocol) } = this.#options;
    const opens = modifiers.ctrlKey || modifiers.metaKey || modifiers.shiftKey;
    if (url && !opens && url.protocol !== 'javascript:' && allowNavigation(url)) return;
    throw new InpageError(
      'invalid-argument',
      `That leads to ${url ? `${url.protocol}//${url.host}` : 'an address that is none'}, where this agent may not go. Do something else, or finish and say so.`,
    );
  }
}

/** Where a form is sent. By attributes: a field called `action` hides the property, and `formAction` is never empty. */
function targetOf(form: Element, button: Element | null): string {
  return button?.getAttribute('formaction') ?? form.getAttribute('action') ?? '';
}
