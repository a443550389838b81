// The part of the browser's Prompt API that is used here, as types, and its errors in this project's words.
// https://webmachinelearning.github.io/prompt-api
import type { ChatMessage } from '../spec/llm.ts';
import { InpageError, isAbort } from '../util/errors.ts';

/** Options of a prompt. */
export interface PromptOptions {
  responseConstraint?: object;
  signal?: AbortSignal;
}

/** A conversation that the browser holds. Usage and window had other names until 2026. */
export interface LanguageModelSession {
  readonly contextUsage?: number;
  readonly contextWindow?: number;
  readonly inputUsage?: number;
  readonly inputQuota?: number;
  measureContextUsage?(input: readonly ChatMessage[], options?: PromptOptions): Promise<number>;
  measureInputUsage?(input: readonly ChatMessage[], options?: PromptOptions): Promise<number>;
  promptStreaming(input: readonly ChatMessage[], options?: PromptOptions): ReadableStream<string>;
  append(input: readonly ChatMessage[], options?: { signal?: AbortSignal }): Promise<void>;
  clone(options?: { signal?: AbortSignal }): Promise<LanguageModelSession>;
  destroy(): void;
}

/** What a session is created with, its messages apart. */
export interface SessionOptions {
  /** With `topK`; in extensions only. */
  temperature?: number;
  topK?: number;
  expectedInputs?: readonly { type: 'text'; languages: readonly string[] }[];
  expectedOutputs?: readonly { type: 'text'; languages: readonly string[] }[];
}

/** The global `LanguageModel`. */
export interface LanguageModelApi {
  availability(options?: SessionOptions): Promise<'unavailable' | 'downloadable' | 'downloading' | 'available'>;
  create(
    options?: SessionOptions & {
      initialPrompts?: readonly ChatMessage[];
      signal?: AbortSignal;
      monitor?: (monitor: EventTarget) => void;
    },
  ): Promise<LanguageModelSession>;
  /** In extensions only. */
  params?(): Promise<{ maxTopK: number; maxTemperature: number } | null>;
}

/** @throws InpageError `device-unavailable` */
export function languageModelApi(): LanguageModelApi {
  const api = (globalThis as { LanguageModel?: LanguageModelApi }).LanguageModel;
  if (!api)
    throw unavailable(
      'It has no `LanguageModel`: that is in Chrome and Edge on a computer, on pages by HTTPS, and in no worker.',
    );
  return api;
}

/** @param reason what is missing, as a sentence */
export function unavailable(reason: string): InpageError {
  return new InpageError(
    'device-unavailable',
    `This browser has no language model of its own for this page. ${reason} Use another model, such as transformersLlm().`,
  );
}

/** Tokens that a session holds. */
export const usageOf = ({ contextUsage, inputUsage }: LanguageModelSession): number => contextUsage ?? inputUsage ?? 0;

/** Tokens that a session can hold. */
export const windowOf = ({ contextWindow, inputQuota }: LanguageModelSession): number => contextWindow ?? inputQuota ?? 0;

/** Tokens that a prompt would add to a session. */
export async function measure(
  session: LanguageModelSession,
  input: readonly ChatMessage[],
  options: PromptOptions,
): Promise<number> {
  return (await (session.measureContextUsage?.(input, options) ?? session.measureInputUsage?.(input, options))) ?? 0;
}

/** The error of a prompt or of a session's creation. @param constrained a form was asked for */
export function promptError(cause: unknown, constrained = false): unknown {
  if (InpageError.is(cause) || isAbort(cause)) return cause;
  const { name, message, requested, quota } = cause as Error & { requested?: number; quota?: number };
  const error = (code: ConstructorParameters<typeof InpageError>[0], text: string, detail = {}) =>
    new InpageError(code, `${text} The browser says: ${message}`, { cause, detail });
  switch (name) {
    case 'QuotaExceededError':
      return error(
        'context-overflow',
        "The prompt is longer than the browser's model takes. Shorten the question or the context.",
        {
          promptTokens: requested,
          contextTokens: quota,
        },
      );
    case 'TypeError':
      return error('invalid-argument', 'The browser does not take these messages; only the first may be of the system.');
    case 'NotSupportedError':
      if (constrained) return error('output-unsupported', 'The browser cannot enforce this output.');
      return error('generation-failed', 'The browser does not take the language of the prompt or of the answer.');
    case 'SyntaxError':
      return error('output-invalid', 'The browser could not make a text of the form that was asked for.');
    case 'NotAllowedError':
      return error('device-unavailable', "The browser's model is switched off by the user or a policy.");
    case 'NotReadableError':
      return error('generation-failed', 'The browser withheld the answer.');
    default:
      return error('generation-failed', "The browser's model failed; the next call starts it again.");
  }
}
