// A `LanguageModel` as the Prompt API's specification describes it (https://webmachinelearning.github.io/prompt-api), over a tiny model:
// sessions, usage, streams, aborts and errors, for a browser that has no model of its own.
import type { ChatMessage } from '../../src/spec/llm.ts';
import { makeMatch, makeValue, promptTokens, speak, tokenize } from './openai/tiny-model.ts';

/** How the fake behaves. */
export interface FakeOptions {
  /** What `availability()` says first. After a creation it is there. @default 'available' */
  availability?: 'unavailable' | 'downloadable' | 'downloading' | 'available';
  /** The user has just clicked. @default true */
  activated?: boolean;
  /** As an extension sees it: `params`, `temperature` and `topK` are there. @default false */
  extension?: boolean;
  /** The names of 2025: `inputUsage`, `inputQuota`, `measureInputUsage`. @default false */
  oldNames?: boolean;
  /** Milliseconds a token. @default 1 */
  delay?: number;
  /** Thrown by prompts in place of an answer. */
  failure?: () => Error | undefined;
}

/** What the fake was asked. */
export interface FakeLog {
  /** Messages of each creation. */
  created: (readonly ChatMessage[])[];
  options: Record<string, unknown>[];
  clones: number;
  /** Sessions that are not destroyed. */
  alive: number;
}

interface CreateOptions {
  initialPrompts?: readonly ChatMessage[];
  temperature?: number;
  topK?: number;
  signal?: AbortSignal;
  monitor?: (monitor: EventTarget) => void;
}

interface PromptOptions {
  responseConstraint?: object;
  signal?: AbortSignal;
}

const contextWindow = 512;

/** Tokens after which an answer is complete. */
const longest = 12;

/** Puts the fake in the page. @returns what it was asked, and how to take it away again */
export function installLanguageModel(options: FakeOptions = {}): { log: FakeLog; remove: () => void } {
  const { extension = false, activated = true, oldNames = false, delay = 1, failure } = options;
  let { availability = 'available' } = options;
  const log: FakeLog = { created: [], options: [], clones: 0, alive: 0 };

  class Session extends EventTarget {
    readonly #messages: ChatMessage[];
    readonly #settings: CreateOptions;
    readonly #end = new AbortController();

    constructor(messages: readonly ChatMessage[], settings: CreateOptions) {
      super();
      this.#messages = [...messages];
      this.#settings = settings;
      log.alive++;
      if (oldNames)
        Object.defineProperties(this, { inputUsage: { get: () => this.#usage() }, inputQuota: { value: contextWindow } });
      else Object.defineProperties(this, { contextUsage: { get: () => this.#usage() }, contextWindow: { value: contextWindow } });
      const measure = async (input: readonly ChatMessage[], { signal }: PromptOptions = {}) => {
        this.#check(input, signal, false);
        return promptTokens(input).length;
      };
      Object.assign(this, oldNames ? { measureInputUsage: measure } : { measureContextUsage: measure });
    }

    #usage(): number {
      return promptTokens(this.#messages).length;
    }

    #check(input: readonly ChatMessage[], signal: AbortSignal | undefined, prefill = true): void {
      this.#end.signal.throwIfAborted();
      signal?.throwIfAborted();
      // The specification's text and its interface differ on a system prompt in an empty session; this is the stricter one.
      const late = input.slice(prefill ? 0 : 1).some(({ role }) => role === 'system');
      if (late) throw new TypeError('The system prompt must be an initial one.');
      const requested = this.#usage() + promptTokens(input).length;
      if (prefill && requested > contextWindow) throw quotaExceeded(requested);
    }

    async append(input: readonly ChatMessage[], { signal }: PromptOptions = {}): Promise<void> {
      this.#check(input, signal);
      this.#messages.push(...input);
    }

    promptStreaming(input: readonly ChatMessage[], { responseConstraint, signal }: PromptOptions = {}): ReadableStream<string> {
      let tokens: Iterator<string>;
      let said = '';
      return new ReadableStream<string>({
        start: async () => {
          this.#check(input, signal);
          const failed = failure?.();
          if (failed) throw failed;
          this.#messages.push(...input);
          const prompt = promptTokens(this.#messages).join(' ');
          tokens = responseConstraint ? constrained(responseConstraint, prompt) : speak(prompt, this.#sampling());
        },
        pull: async (controller) => {
          await new Promise((resolve) => setTimeout(resolve, delay));
          this.#end.signal.throwIfAborted();
          signal?.throwIfAborted();
          const { done, value } = tokens.next();
          if (!done && (responseConstraint || tokenize(said).length < longest)) {
            said += value;
            controller.enqueue(value);
            return;
          }
          this.#messages.push({ role: 'assistant', content: said });
          controller.close();
        },
      });
    }

    #sampling() {
      const { temperature = 0, topK = 0 } = this.#settings;
      return { temperature, topK, topP: 1, minP: 0, repetitionPenalty: 1 };
    }

    async clone({ signal }: { signal?: AbortSignal } = {}): Promise<Session> {
      this.#end.signal.throwIfAborted();
      signal?.throwIfAborted();
      log.clones++;
      return new Session(this.#messages, this.#settings);
    }

    destroy(): void {
      if (this.#end.signal.aborted) return;
      log.alive--;
      this.#end.abort(new DOMException('The session has been destroyed.', 'InvalidStateError'));
    }
  }

  const api = {
    availability: async () => availability,
    async create(settings: CreateOptions = {}) {
      const { signal, monitor, initialPrompts = [], ...rest } = settings;
      signal?.throwIfAborted();
      if (availability === 'unavailable') throw new DOMException('Unable to create a session.', 'NotSupportedError');
      if (availability !== 'available') {
        if (!activated) throw new DOMException('Requires a user gesture when availability is "downloadable".', 'NotAllowedError');
        const target = new EventTarget();
        monitor?.(target);
        for (const loaded of [0, 0.5, 1]) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          signal?.throwIfAborted();
          target.dispatchEvent(new ProgressEvent('downloadprogress', { loaded, total: 1 }));
        }
        availability = 'available';
      }
      if ((rest.temperature === undefined) !== (rest.topK === undefined))
        throw new TypeError('Both or none of topK and temperature.');
      const requested = promptTokens(initialPrompts).length;
      if (requested > contextWindow) throw quotaExceeded(requested);
      log.created.push(initialPrompts);
      log.options.push(rest);
      return new Session(initialPrompts, extension ? rest : {});
    },
    ...(extension && { params: async () => ({ defaultTopK: 3, maxTopK: 128, defaultTemperature: 1, maxTemperature: 2 }) }),
  };
  const own = Object.getOwnPropertyDescriptor(globalThis, 'LanguageModel');
  Object.defineProperty(globalThis, 'LanguageModel', { configurable: true, value: api });
  const remove = () => {
    if (own) Object.defineProperty(globalThis, 'LanguageModel', own);
    else Reflect.deleteProperty(globalThis, 'LanguageModel');
  };
  return { log, remove };
}

function quotaExceeded(requested: number): DOMException {
  const error = new DOMException('The input is too large.', 'QuotaExceededError');
  return Object.assign(error, { requested, quota: contextWindow });
}

function* constrained(constraint: object, prompt: string): Generator<string> {
  if (!(constraint instanceof RegExp)) {
    if ('not' in constraint) throw new DOMException('"not" is not supported.', 'NotSupportedError');
    return yield* JSON.stringify(makeValue(constraint, prompt)).match(/.{1,3}/g)!;
  }
  const alternatives = constraint.source.slice('^(?:'.length, -')$'.length).split('|');
  const chosen = makeMatch(String(makeValue({ enum: alternatives }, prompt)), prompt);
  yield* chosen.match(/.{1,3}/g)!;
}
