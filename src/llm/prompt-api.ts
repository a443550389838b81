// An Llm on the model that comes with the browser (Prompt API, in Chrome and Edge): https://webmachinelearning.github.io/prompt-api
// The browser offers it to pages, not to workers, so this runs where it is called; the model itself runs in a process of its own.
import { type PlainOutput, plainOutput } from '../prompt/plain-output.ts';
import { structured } from '../prompt/structured-output.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { ChatMessage, GenerateEvent, GenerateOptions, Llm, LlmInfo, SamplingOption } from '../spec/llm.ts';
import type { LoadProgress } from '../spec/model.ts';
import { Shared, Turnstile } from '../util/async.ts';
import { Closing } from '../util/closing.ts';
import { abortError, InpageError } from '../util/errors.ts';
import { generateDefaults, ignoredOptions, refuseLogits } from './generate-defaults.ts';
import {
  type LanguageModelSession,
  languageModelApi,
  measure,
  promptError,
  type SessionOptions,
  unavailable,
  usageOf,
  windowOf,
} from './prompt-api-browser.ts';
import { PromptSessions } from './prompt-api-sessions.ts';
import { createStopFilter } from './stop-texts.ts';

/** Options of {@link promptApi}. */
export interface PromptApiOptions {
  /** Languages of prompts and answers (BCP 47); the browser may lack the model for one. @default the browser's choice */
  languages?: readonly string[];
}

/** The browser does not tell which model it has. */
const model = 'built-in';

/**
 * Uses the browser's own model. It has no file of the page's, but the browser may first have to download some gigabytes: `load()`
 * begins that, and must then be called in the handler of a click or a key. Pages cannot choose among tokens: the browser samples
 * in its own way, and two answers may differ; extensions can set `temperature` and `topK`. `maxTokens` counts the pieces that the browser
 * gives, which are about a token each.
 * @throws InpageError of calls: `device-unavailable`; `download-declined` if a download would need a click first; those of {@link Llm}
 */
export function promptApi({ languages }: PromptApiOptions = {}): Llm {
  const expected = languages && [{ type: 'text' as const, languages }];
  const common: SessionOptions = expected ? { expectedInputs: expected, expectedOutputs: expected } : {};
  const turns = new Turnstile();
  const closing = new Closing();
  const sessions = new PromptSessions(async (messages, options, { signal }) => {
    const initialPrompts = messages.length > 0 ? { initialPrompts: messages } : {};
    return languageModelApi().create({ ...options, ...initialPrompts, signal });
  });
  const loaded = new Shared<LlmInfo, LoadProgress>((call) => load(common, sessions, call));

  async function* generate(
    info: LlmInfo,
    messages: readonly ChatMessage[],
    settings: GenerateOptions,
  ): AsyncGenerator<GenerateEvent> {
    const { maxTokens = generateDefaults.maxTokens, stop, signal } = settings;
    const output = settings.output && plainOutput(settings.output);
    const prompt = { ...(output && { responseConstraint: constraint(output) }), signal };
    const options = { ...common, ...(await sampling(settings)) };
    const started = performance.now();
    const last = messages.slice(-1);
    let firstAt: number | undefined;
    let session: LanguageModelSession | undefined;
    let text = '';
    let pieces = 0;
    let reason: 'stop' | 'length' | undefined;
    try {
      const { session: base, cachedTokens } = await sessions.at(messages.slice(0, -1), options, { signal });
      const promptTokens = usageOf(base) + (await measure(base, last, prompt));
      if (promptTokens >= windowOf(base)) throw overflow(promptTokens, windowOf(base));
      session = await base.clone({ signal });
      const filter = createStopFilter(stop);
      for await (const piece of session.promptStreaming(last, prompt)) {
        firstAt ??= performance.now();
        if (pieces === maxTokens) {
          reason = 'length';
          break;
        }
        pieces++;
        const certain = filter.push(piece);
        text += certain;
        if (certain) yield { type: 'token', text: certain };
        if (filter.stopped) {
          reason = 'stop';
          break;
        }
      }
      const rest = filter.flush();
      text += rest;
      if (rest) yield { type: 'token', text: rest };
      if (reason === undefined) {
        sessions.keep(session, [...messages, { role: 'assistant', content: text }], options);
        session = undefined;
      }
      const warnings = ignoredOptions(settings, info.capabilities.sampling, "the browser's model");
      const ended = performance.now();
      yield {
        type: 'done',
        text,
        reason: reason ?? 'stop',
        usage: { promptTokens, completionTokens: pieces, cachedTokens },
        timings: { prefillMs: (firstAt ?? ended) - started, decodeMs: ended - (firstAt ?? ended) },
        ...(warnings.length > 0 && { warnings }),
      };
    } catch (cause) {
      if (signal?.aborted) throw abortError(signal);
      // Whatever failed, none of the sessions is trusted any more.
      if (!InpageError.is(cause)) sessions.clear();
      throw promptError(cause, output !== undefined);
    } finally {
      session?.destroy();
    }
  }

  return {
    name: 'prompt-api',
    load: ({ signal, onProgress } = {}) => loaded.get({ signal: closing.signal(signal), onProgress }),

    async *generate(messages, settings = {}) {
      refuseLogits(settings, [], "The browser's model");
      const { priority, output } = settings;
      const signal = closing.signal(settings.signal);
      const info = await loaded.get({ signal });
      const events = turns.stream(() => generate(info, messages, { ...settings, signal }), { priority, signal });
      yield* output ? structured(events, output) : events;
    },

    async countTokens(input, options = {}) {
      const signal = closing.signal(options.signal);
      await loaded.get({ signal });
      const messages: readonly ChatMessage[] = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
      const count = async () => {
        const { session } = await sessions.at(messages.slice(0, -1), { ...common, ...(await sampling({})) }, { signal });
        return usageOf(session) + (await measure(session, messages.slice(-1), { signal }));
      };
      return turns.run(count, { signal }).catch((cause) => {
        throw promptError(cause);
      });
    },

    async close() {
      closing.close();
      sessions.clear();
    },
  };
}

async function load(
  common: SessionOptions,
  sessions: PromptSessions,
  { signal, onProgress }: ProgressOptions<LoadProgress>,
): Promise<LlmInfo> {
  onProgress?.({ phase: 'probe' });
  const api = languageModelApi();
  const availability = await api.availability(common);
  if (availability === 'unavailable') {
    throw unavailable('It says "unavailable": the device is too small for it, or it lacks the languages, or it is switched off.');
  }
  const options = { ...common, ...(await sampling({})) };
  try {
    const session = await api.create({
      ...options,
      signal,
      monitor: (monitor) =>
        monitor.addEventListener('downloadprogress', (event) => {
          // A share from 0 to 1: the browser does not tell bytes.
          const { loaded } = event as ProgressEvent;
          onProgress?.({ phase: 'download', model, file: model, loaded, total: 1, planLoaded: loaded, planTotal: 1 });
        }),
    });
    sessions.keep(session, [], options);
    onProgress?.({ phase: 'ready', model, device: 'browser' });
    return {
      backend: 'prompt-api',
      model,
      revision: 'unknown',
      device: 'browser',
      dtype: 'unknown',
      threads: 1,
      software: false,
      contextTokens: windowOf(session),
      capabilities: {
        output: ['schema', 'regex', 'choice'],
        sampling: [...(api.params ? (['temperature', 'topK'] satisfies SamplingOption[]) : []), 'stop'],
        prefixCache: true,
        promptLookup: false,
        logits: [],
        countTokens: true,
      },
    };
  } catch (cause) {
    if (signal?.aborted) throw abortError(signal);
    if ((cause as Error)?.name === 'NotAllowedError' && availability !== 'available') throw needsClick(cause);
    throw promptError(cause);
  }
}

/** What an extension may choose; nothing on a page. */
async function sampling({ temperature = 0, topK = 0 }: GenerateOptions): Promise<SessionOptions> {
  const limits = await languageModelApi().params?.();
  if (!limits) return {};
  const kept = temperature === 0 ? 1 : topK || limits.maxTopK;
  return { temperature: Math.min(temperature, limits.maxTemperature), topK: Math.min(kept, limits.maxTopK) };
}

function constraint(output: PlainOutput): object {
  if ('schema' in output) return output.schema === true ? {} : Object(output.schema);
  const source =
    'regex' in output ? output.regex : output.choice.map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
  return new RegExp(`^(?:${source})$`);
}

function overflow(promptTokens: number, contextTokens: number): InpageError {
  return new InpageError(
    'context-overflow',
    `The prompt has ${promptTokens} tokens, the browser's model takes ${contextTokens}. Shorten the question or the context.`,
    { detail: { promptTokens, contextTokens } },
  );
}

function needsClick(cause: unknown): InpageError {
  return new InpageError(
    'download-declined',
    "The browser's model is not on this device yet, and the browser begins its download only on a user's action: call `load()` in " +
      'the handler of a click or a key, before anything else that takes time.',
    { cause, detail: { userGesture: true } },
  );
}
