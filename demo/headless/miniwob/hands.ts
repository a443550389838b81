// What a scripted policy has: the task in words, and the DOM tools. Nothing else of the page is open to it.
import type { PageElement, PageView } from '../../../src/spec/page-view.ts';
import type { Tool, ToolSet } from '../../../src/spec/tool.ts';
import { pause } from './pause.ts';

/** Which element: its name, a test of it, or the element itself. */
export type Which = string | RegExp | ((element: PageElement) => boolean) | PageElement;

/** Eyes and hands of a scripted policy, for one episode. */
export class Hands {
  /** Tool calls so far. */
  calls = 0;
  /** Tokens that a model has read and written so far. */
  tokens = 0;
  readonly task: string;
  readonly tools: ToolSet;
  readonly signal: AbortSignal;

  constructor(task: string, tools: ToolSet, signal: AbortSignal) {
    this.task = task;
    this.tools = tools;
    this.signal = signal;
  }

  /** Makes a tool call. */
  async call(tool: string, input: object = {}): Promise<unknown> {
    this.calls++;
    this.signal.throwIfAborted();
    return (this.tools[tool] as unknown as Tool).execute(input, { signal: this.signal, task: this.task, tainted: true });
  }

  async read(): Promise<readonly PageElement[]> {
    return ((await this.call('read_page', { format: 'data' })) as PageView).elements;
  }

  /** The elements that are meant, in the order of the page. */
  async all(which: Which): Promise<PageElement[]> {
    return (await this.read()).filter(matcher(which));
  }

  /** The first element that is meant, which may take a moment to appear. @throws Error if there is none */
  async find(which: Which): Promise<PageElement> {
    for (let attempt = 1; ; attempt++) {
      const elements = await this.read();
      const found = elements.find(matcher(which));
      if (found) return found;
      if (attempt === 5)
        throw new Error(`There is no ${which} among ${elements.map(({ role, name }) => `${role} ${name}`).join(', ')}.`);
      await pause(100);
    }
  }

  async click(which: Which, input: object = {}): Promise<void> {
    await this.call('click', { element: await this.#number(which), ...input });
  }

  async type(which: Which, text: string, input: object = {}): Promise<void> {
    await this.call('type', { element: await this.#number(which), text, ...input });
  }

  async press(key: string, input: object = {}): Promise<void> {
    await this.call('press_key', { key, ...input });
  }

  async submit(): Promise<void> {
    await this.click(/^submit$/i);
  }

  /** What stands in quotes in the task, in order. */
  get quoted(): string[] {
    return [...this.task.matchAll(/"([^"]*)"/g)].map((match) => match[1]!);
  }

  /** The parts of the task that a pattern catches. @throws Error if it does not match */
  match(pattern: RegExp): string[] {
    const match = pattern.exec(this.task);
    if (!match) throw new Error(`"${this.task}" is not what was expected.`);
    return match.slice(1);
  }

  async #number(which: Which): Promise<number> {
    return typeof which === 'object' && !(which instanceof RegExp) ? which.number : (await this.find(which)).number;
  }
}

function matcher(which: Which): (element: PageElement) => boolean {
  if (typeof which === 'function') return which;
  if (typeof which === 'string') return (element) => element.interactive && element.name === which;
  if (which instanceof RegExp) return (element) => element.interactive && which.test(element.name);
  return (element) => element.number === which.number;
}

/** Elements of a role. */
export const role =
  (...roles: string[]) =>
  (element: PageElement) =>
    roles.includes(element.role);

/** The middle of an element. */
export const middle = ({ box }: PageElement) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/** Number of an ordinal, `2nd` or `2`, from 0. */
export const ordinal = (text: string) => Number.parseInt(text, 10) - 1;
