// The assistant behind a panel: opened once, and brought up to what the page shows before each question.
import { createAssistant } from '../client/create-assistant.ts';
import type { Assistant, AssistantOptions } from '../spec/assistant.ts';
import type { ChatMessage } from '../spec/llm.ts';
import type { AnswerEvent } from '../spec/strategy.ts';
import { abortable, Shared } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';
import type { Turn } from './turn.ts';

/** Turns before that a question may refer to. */
const remembered = 2;

/** What is read, and how. */
export interface PageSessionOptions {
  assistant: AssistantOptions;
  /** Selector of the part of the page that is read; empty for none. */
  source: string;
}

/** One assistant over one page. */
export class PageSession {
  readonly #options: PageSessionOptions;
  readonly #assistant: Shared<Assistant>;
  #reading: Promise<Assistant> | undefined;
  #started = false;

  constructor(options: PageSessionOptions) {
    this.#options = options;
    this.#assistant = new Shared(() => createAssistant({ ...options.assistant, preload: false }));
  }

  /** The part of the page that is read. @throws InpageError `invalid-argument` where the selector finds nothing */
  part(): Element | undefined {
    const { source } = this.#options;
    if (!source) return undefined;
    const found = find(source) ?? (source === 'main' ? document.body : undefined);
    if (found) return found;
    throw new InpageError('invalid-argument', `Nothing in the page is "${source}". Set the source to a selector of its text.`);
  }

  /** Opens the collection and reads the page; what has not changed is not read again. A reading at work is joined. */
  async read(signal?: AbortSignal): Promise<Assistant> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return abortable(this.#reading, signal);
  }

  /** Answers from the page as it is now. */
  async *ask(question: string, turns: readonly Turn[], signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const assistant = await this.read(signal);
    yield* assistant.ask(question, { history: historyOf(turns), signal });
  }

  /** Ends the workers, if there are any. */
  async close(): Promise<void> {
    if (!this.#started) return;
    const assistant = await this.#assistant.get().catch(() => undefined);
    await assistant?.close();
  }

  async #read(): Promise<Assistant> {
    const part = this.part();
    this.#started = true;
    const assistant = await this.#assistant.get();
    if (part) {
      const { added, unchanged } = await assistant.add(part);
      await this.#forgetOthers(assistant, new Set([...added.map(({ id }) => id), ...unchanged]));
    }
    return assistant;
  }

  /** A collection of one page holds what the page shows, not what it showed under another address. */
  async #forgetOthers(assistant: Assistant, kept: ReadonlySet<string>): Promise<void> {
    if (this.#options.assistant.index) return;
    const others = (await assistant.documents()).map(({ id }) => id).filter((id) => !kept.has(id));
    if (others.length > 0) await assistant.remove(others);
  }
}

function find(selector: string): Element | null {
  try {
    return document.querySelector(selector);
  } catch (cause) {
    throw new InpageError('invalid-argument', `"${selector}" is not a selector of CSS.`, { cause });
  }
}

function historyOf(turns: readonly Turn[]): ChatMessage[] {
  return turns.slice(-remembered).flatMap(({ question, answer }) => [
    { role: 'user' as const, content: question },
    { role: 'assistant' as const, content: answer },
  ]);
}
