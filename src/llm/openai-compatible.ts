// An Llm on a server that speaks OpenAI's chat API: vLLM, Ollama, llama.cpp, LM Studio, MLC, OpenAI and gateways to many more.
import { plainOutput } from '../prompt/plain-output.ts';
import { structured } from '../prompt/structured-output.ts';
import type { Http } from '../runtime/http.ts';
import { connectOpenAi, findModel, type OpenAiServerOptions } from '../runtime/openai-server.ts';
import type { CallOptions } from '../spec/call.ts';
import type { ChatMessage, GenerateEvent, GenerateOptions, Llm, LlmInfo } from '../spec/llm.ts';
import type { LoadProgress } from '../spec/model.ts';
import { Shared, Turnstile } from '../util/async.ts';
import { Closing } from '../util/closing.ts';
import { InpageError } from '../util/errors.ts';
import { ignoredOptions, refuseLogits } from './generate-defaults.ts';
import { chatRequest, dialectCapabilities } from './openai-compatible-request.ts';
import { type ChatEnd, readChat } from './openai-compatible-stream.ts';
import { estimatePrompt, serverTokenCount, type TokenCount } from './openai-compatible-tokens.ts';
import { createStopFilter } from './stop-texts.ts';

/** Options of {@link openAiCompatible}. */
export interface OpenAiCompatibleOptions extends OpenAiServerOptions {
  /** Context window in tokens. @default what the server tells, else 4096 */
  contextTokens?: number;
  /** Fields of the request's body, put over those made here; one that is `undefined` is left out. */
  backendOptions?: Readonly<Record<string, unknown>>;
}

interface Loaded {
  info: LlmInfo;
  /** The server's own, where it has one. */
  count: TokenCount | undefined;
}

/** What is taken where neither the caller nor the server tells; Ollama's own default. */
const unknownContext = 4096;

/**
 * Uses a chat model on a server. The messages leave the device; nothing is sent before the first call. What fails before the
 * first token is tried again, after it never. Where the server tells no usage, that of `done` is an estimate.
 * @throws InpageError `invalid-argument` for an address or a header that cannot be. Calls throw `remote-failed` with `status` and
 *   `serverMessage` in its `detail`, `no-progress`, `model-not-found`, and those of {@link Llm}
 */
export function openAiCompatible(options: OpenAiCompatibleOptions): Llm {
  const { dialect = 'openai', concurrency = 1 } = options;
  const http = connectOpenAi(options);
  const turns = new Turnstile(concurrency);
  const closing = new Closing();
  const loaded = new Shared<Loaded, LoadProgress>(async ({ signal, onProgress }) => {
    onProgress({ phase: 'probe' });
    const found = await describe(http, options, { signal });
    onProgress({ phase: 'ready', model: found.info.model, device: 'remote' });
    return found;
  });

  async function* generate(info: LlmInfo, messages: readonly ChatMessage[], settings: GenerateOptions) {
    const { signal, stop } = settings;
    const output = settings.output && plainOutput(settings.output);
    const { body, wrapped } = chatRequest(info.model, dialect, messages, settings, output);
    const request = { ...body, ...options.backendOptions };
    const started = performance.now();
    const { pieces, first } = await http
      .retry(
        async () => {
          const chat = readChat(http.events('chat/completions', request, { signal }));
          const pieces = wrapped ? unwrap(chat) : chat;
          return { pieces, first: await pieces.next() };
        },
        { signal },
      )
      .catch((error) => {
        throw output ? outputRefused(error) : error;
      });
    const firstAt = performance.now();
    const filter = createStopFilter(stop);
    let text = '';
    let received = 0;
    let step = first;
    try {
      for (; !step.done && !filter.stopped; step = await pieces.next()) {
        received++;
        const piece = filter.push(step.value);
        text += piece;
        if (piece) yield { type: 'token', text: piece } as const;
      }
    } finally {
      await pieces.return({ cut: false });
    }
    const rest = filter.flush();
    text += rest;
    if (rest) yield { type: 'token', text: rest } as const;
    const end = step.done ? step.value : { cut: false };
    const warnings = ignoredOptions(settings, info.capabilities.sampling, `a server of the dialect "${dialect}"`);
    yield {
      type: 'done',
      text,
      reason: end.cut ? 'length' : 'stop',
      usage: end.usage ?? { promptTokens: estimatePrompt(messages), completionTokens: received },
      timings: { prefillMs: firstAt - started, decodeMs: performance.now() - firstAt },
      ...(warnings.length > 0 && { warnings }),
    } as const satisfies GenerateEvent;
  }

  return {
    name: ['openai-compatible', options.model].filter(Boolean).join('/'),
    load: async ({ signal, onProgress } = {}) => (await loaded.get({ signal: closing.signal(signal), onProgress })).info,

    async *generate(messages, settings = {}) {
      refuseLogits(settings, [], 'A server');
      const { priority, output } = settings;
      const signal = closing.signal(settings.signal);
      const { info } = await loaded.get({ signal });
      const events = turns.stream(() => generate(info, messages, { ...settings, signal }), { priority, signal });
      yield* output ? structured(events, output) : events;
    },

    async countTokens(input, { signal } = {}) {
      const call = { signal: closing.signal(signal) };
      const { count } = await loaded.get(call);
      return count ? count(input, call) : estimatePrompt(input);
    },

    close: async () => closing.close(),
  };
}

async function describe(http: Http, options: OpenAiCompatibleOptions, call: CallOptions): Promise<Loaded> {
  const { dialect = 'openai' } = options;
  const model = await findModel(http, options, call);
  const count = await serverTokenCount(http, dialect, model.id, call);
  const info: LlmInfo = {
    backend: 'openai-compatible',
    model: model.id,
    revision: 'unknown',
    device: 'remote',
    dtype: 'unknown',
    threads: 1,
    software: false,
    contextTokens: options.contextTokens ?? model.contextTokens ?? unknownContext,
    capabilities: {
      ...dialectCapabilities(dialect),
      // Others may have one, but do not say whether it served.
      prefixCache: dialect === 'llama.cpp' && count !== undefined,
      promptLookup: false,
      logits: [],
      countTokens: count !== undefined,
    },
  };
  return { info, count };
}

/** The `value` of a JSON object, at its end; the text as it is if it is no such object, for the validation to judge. */
async function* unwrap(pieces: AsyncGenerator<string, ChatEnd>): AsyncGenerator<string, ChatEnd> {
  let text = '';
  let step = await pieces.next();
  for (; !step.done; step = await pieces.next()) text += step.value;
  try {
    const { value } = JSON.parse(text) as { value?: unknown };
    if (typeof value === 'string') text = value;
  } catch {
    // The validation names what is wrong.
  }
  if (text) yield text;
  return step.value;
}

/** A server that cannot enforce a form says so in words of its own. */
function outputRefused(error: unknown): unknown {
  if (!InpageError.is(error, 'remote-failed')) return error;
  const { status, serverMessage = '' } = error.detail;
  const about = /schema|response_format|grammar|structured|guided|regex|pattern/i;
  if ((status !== 400 && status !== 422) || !about.test(String(serverMessage))) return error;
  return new InpageError('output-unsupported', error.message, { cause: error, detail: error.detail });
}
