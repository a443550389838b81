// The page as a pattern sees it: read through a tool, acted on through tools, and looked at again when it may have changed.
import type { AgentRun, AgentStep, ToolOutcome } from '../../spec/agent.ts';
import type { PageElement, PageView } from '../../spec/page-view.ts';
import { ask } from '../ask.ts';
import { repeated } from '../executor.ts';
import type { Phrase } from './goal.ts';
import { closeness, type Ranked, rank } from './ground.ts';

/** Work that tells its steps. */
export type Work<T = void> = AsyncGenerator<AgentStep, T, undefined>;

/** Thrown where a goal cannot be reached; the message says why. */
export class Stuck extends Error {}

/** Thrown where the user, or a rule, said no. */
export class Refused extends Error {}

/** Elements that one answer of the tool can hold. */
const portion = 60;

/** Below this an element is hardly what is meant. */
const doubtful = 0.55;

/** Eyes and hands of a run in a page. */
export class PageHands {
  readonly run: AgentRun;
  #view: readonly PageElement[] | undefined;
  /** Fields that were typed into. */
  readonly filled = new Set<number>();

  constructor(run: AgentRun) {
    this.run = run;
  }

  /** What can be seen, in the order of the page. @throws Stuck if it cannot be read */
  async *read(): Work<readonly PageElement[]> {
    if (this.#view) return this.#view;
    const elements: PageElement[] = [];
    for (;;) {
      const outcome = yield* this.run.call('read_page', { format: 'data', from: elements.length, count: portion });
      if (outcome.status !== 'done' || typeof outcome.output !== 'object')
        throw new Stuck(`The page cannot be read: ${reasonOf(outcome)}`);
      const { elements: read, omitted } = outcome.output as PageView;
      elements.push(...read);
      if (omitted === 0 || read.length === 0) break;
    }
    this.#view = elements;
    return elements;
  }

  /** Does something; what is seen is old afterwards. @throws Stuck if it fails, Refused if it was not allowed */
  async *act(tool: string, input: object): Work<ToolOutcome> {
    const outcome = yield* this.run.call(tool, input);
    this.#view = undefined;
    if (outcome.status === 'refused' && outcome.reason !== repeated) throw new Refused(outcome.reason);
    if (outcome.status === 'refused') throw new Stuck('The page does not answer.');
    if (outcome.status === 'failed') throw new Stuck(outcome.error);
    return outcome;
  }

  async *click({ number }: PageElement, input: object = {}): Work {
    yield* this.act('click', { element: number, ...input });
  }

  async *type(field: PageElement, text: string): Work {
    this.filled.add(field.number);
    if (field.value === text && field.type !== 'password') return;
    yield* this.act('type', { element: field.number, text });
  }

  async *wait(seconds: number): Work {
    yield* this.run.call('wait', { seconds });
    this.#view = undefined;
  }

  /** The elements that pass a test, best first by a phrase. */
  async *ranked(phrase: Phrase, test: (element: PageElement) => boolean = () => true): Work<Ranked[]> {
    const elements = (yield* this.read()).filter(test);
    const ranked = rank(phrase, elements);
    const wanted = phrase.label ?? phrase.words;
    if (wanted === '' || phrase.label !== undefined || (ranked[0]?.score ?? 0) >= doubtful + 0.2) return ranked;
    const named = ranked.filter(({ element: { name } }) => name !== '').slice(0, 40);
    if (named.length === 0) return ranked;
    const close = await closeness(
      this.run.embedder,
      wanted,
      named.map(({ element: { name } }) => name),
      this.run.signal,
    );
    const better = named.map((one, index) => ({ ...one, score: one.score + 0.8 * Math.max(0, close[index]!) }));
    return better.sort((first, second) => second.score - first.score);
  }

  /** The element that a phrase means; where the rules are unsure, the model chooses. @returns undefined where nothing is like it */
  async *find(phrase: Phrase, test: (element: PageElement) => boolean = () => true): Work<PageElement | undefined> {
    const ranked = yield* this.ranked(phrase, test);
    const [best, next] = ranked;
    if (!best) return undefined;
    if ((phrase.label ?? phrase.words) === '') return best.element;
    // What is named in quotes bears that name.
    if (phrase.label !== undefined) return ranked.find(({ likeness }) => likeness >= 0.6)?.element;
    const clear = best.score >= doubtful + 0.2 || best.score - (next?.score ?? 0) > 0.1;
    if (best.likeness >= 0.3 && best.score >= doubtful && clear) return best.element;
    return yield* this.#choose(
      phrase,
      ranked.slice(0, 8).map(({ element }) => element),
    );
  }

  /** Lets the model choose among elements. */
  async *#choose(phrase: Phrase, elements: readonly PageElement[]): Work<PageElement | undefined> {
    if (elements.length < 2) return elements[0];
    const lines = elements.map(({ role, name, within }) => `${role} "${name}"${within ? ` in "${within.slice(0, 60)}"` : ''}`);
    const choice = [...new Set(lines)];
    const messages = [
      { role: 'system' as const, content: 'You use a web page. Answer with the element to use, exactly as it is written.' },
      {
        role: 'user' as const,
        content: `Elements:\n${choice.join('\n')}\n\nTask: ${this.run.task}\nWanted: ${phrase.text}\nElement:`,
      },
    ];
    const answer = await ask<string>(this.run, messages, { choice });
    yield { type: 'thought', text: `The model takes ${answer ?? 'none'} for "${phrase.text}".` };
    return elements[lines.indexOf(answer ?? '')] ?? elements[0];
  }
}

function reasonOf(outcome: ToolOutcome): string {
  if (outcome.status === 'failed') return outcome.error;
  return outcome.status === 'refused' ? outcome.reason : 'it gave no elements.';
}
