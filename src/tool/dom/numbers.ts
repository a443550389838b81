// Numbers of elements: which element a number means, and whether it is still what was read.
import { InpageError } from '../../util/errors.ts';
import { roleOf } from './kinds.ts';
import { Looks } from './look.ts';
import { nameOf } from './names.ts';

interface Entry {
  element: WeakRef<Element>;
  role: string;
  name: string;
  interactive: boolean;
}

/** Gives elements numbers. An element keeps its number, and no number is ever given to a second one. */
export class ElementNumbers {
  readonly #numbers = new WeakMap<Element, number>();
  #entries = new Map<number, Entry>();
  #last = 0;
  readonly #ignore: string | undefined;

  /** @param ignore selector of what is not read */
  constructor(ignore?: string) {
    this.#ignore = ignore;
  }

  /** A new view begins: only its numbers count from now on. */
  begin(): void {
    this.#entries = new Map();
  }

  give(element: Element, { role, name, interactive }: Omit<Entry, 'element'>): number {
    const number = this.#numbers.get(element) ?? ++this.#last;
    this.#numbers.set(element, number);
    this.#entries.set(number, { element: new WeakRef(element), role, name, interactive });
    return number;
  }

  /** The numbers that elements have, for a look that changes none of them; 0 for an element without one. */
  known(): Pick<ElementNumbers, 'begin' | 'give'> {
    return { begin: () => {}, give: (element) => this.#numbers.get(element) ?? 0 };
  }

  /**
   * The element that a number means.
   * @throws InpageError `stale-element` if it is not in the last view, has left the page, is hidden now, or is called otherwise
   */
  find(number: number): Element {
    const entry = this.#entries.get(number);
    if (!entry) {
      const numbers = [...this.#entries.keys()];
      const known = numbers.length > 0 ? `The page was read with ${numbers.length} elements` : 'The page has not been read';
      throw stale(number, `There is no element [${number}]. ${known}.`);
    }
    const element = entry.element.deref();
    const told = `Element [${number}] (${entry.role} "${entry.name}")`;
    if (!element?.isConnected) throw stale(number, `${told} is not in the page any more.`);
    const looks = new Looks(this.#ignore);
    if (looks.of(element).hidden) throw stale(number, `${told} cannot be seen any more.`);
    if (!entry.interactive || !entry.name) return element;
    const name = nameOf(element, roleOf(element, looks) ?? entry.role, looks);
    if (name !== entry.name) throw stale(number, `${told} is now called "${name}".`);
    return element;
  }

  /** How an element is told to people: its number, role and name. */
  tell(number: number): string {
    const entry = this.#entries.get(number);
    return entry ? `[${number}] ${entry.role}${entry.name ? ` "${entry.name}"` : ''}` : `[${number}]`;
  }
}

function stale(number: number, message: string): InpageError {
  return new InpageError('stale-element', `${message} Read the page again and use the numbers that it has then.`, {
    detail: { number },
  });
}
