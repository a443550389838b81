// An Llm on wllama, for use inside a worker. It is llama.cpp's server without its network: requests are those of OpenAI's API.
import type { ChatCompletionChunk, ChatCompletionParams, RawCompletionChunk, RawCompletionParams } from '@wllama/wllama';
import { plainOutput } from '../prompt/plain-output.ts';
import type { ModelRequest } from '../runtime/model-request.ts';
import { createWllamaLoader, type StartedWllama } from '../runtime/wllama.ts';
import type { CallOptions } from '../spec/call.ts';
import type { ChatMessage, GenerateEvent, GenerateOptions, LlmInfo, SamplingOption } from '../spec/llm.ts';
import { Channel } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { generateDefaults, refuseLogits } from './generate-defaults.ts';
import { loadedLlm, type PlannedLlm } from './loaded-llm.ts';
import { createStopFilter } from './stop-texts.ts';
import { wllamaError } from './wllama-errors.ts';
import { grammarOf } from './wllama-grammar.ts';

/** Sampling options that take effect. */
const sampling = ['temperature', 'topP', 'topK', 'minP', 'repetitionPenalty', 'seed', 'stop'] satisfies SamplingOption[];

/** Makes the model of `request`; nothing is loaded yet. One a worker. */
export function createWllamaLlm(request: ModelRequest): PlannedLlm {
  return loadedLlm(createWllamaLoader(request), {
    info: (started) => llmInfo(started, request),
    generate,
    countTokens,
    countsInTurn: true,
    dispose: (started) => started.dispose(),
  });
}

function llmInfo({ id, file, threads, contextTokens }: StartedWllama, { source }: ModelRequest): LlmInfo {
  return {
    backend: 'wllama',
    model: id,
    revision: source.revision ?? 'main',
    device: 'wasm',
    dtype: /(?:^|[-._])((?:i?q\d\w*|b?f(?:16|32)))\b/i.exec(file)?.[1]?.toLowerCase() ?? 'unknown',
    threads,
    software: false,
    contextTokens,
    capabilities: {
      output: ['schema', 'regex', 'choice'],
      sampling,
      prefixCache: true,
      promptLookup: false,
      countTokens: true,
      logits: [],
    },
  };
}

async function* generate(
  started: StartedWllama,
  messages: readonly ChatMessage[],
  options: GenerateOptions,
): AsyncGenerator<GenerateEvent> {
  const { signal } = options;
  signal?.throwIfAborted();
  refuseLogits(options, [], 'wllama');
  const begun = performance.now();
  const filter = createStopFilter(options.stop);
  let firstAt = 0;
  let lastAt = begun;
  let text = '';
  let tokens = 0;
  let cut = false;
  let prompt = { total: 0, cache: 0 };
  let completionTokens: number | undefined;
  for await (const { choices, usage, prompt_progress } of chat(started, requestOf(started, messages, options), signal)) {
    prompt = prompt_progress ?? prompt;
    completionTokens = usage?.completion_tokens;
    cut ||= choices[0]?.finish_reason === 'length';
    // The first chunks and the last ones have no text.
    const content = choices[0]?.delta.content;
    if (!content) continue;
    lastAt = performance.now();
    firstAt ||= lastAt;
    tokens++;
    const piece = filter.push(content);
    text += piece;
    if (piece) yield { type: 'token', text: piece };
    if (filter.stopped) break;
  }
  const rest = filter.flush();
  if (rest) yield { type: 'token', text: rest };
  yield {
    type: 'done',
    text: text + rest,
    reason: cut && !filter.stopped ? 'length' : 'stop',
    usage: { promptTokens: prompt.total, completionTokens: completionTokens ?? tokens, cachedTokens: prompt.cache },
    timings: { prefillMs: firstAt - begun, decodeMs: lastAt - firstAt },
  };
}

/** The request in llama.cpp's words. */
function requestOf(
  { contextTokens }: StartedWllama,
  messages: readonly ChatMessage[],
  options: GenerateOptions,
): ChatCompletionParams {
  const { maxTokens, temperature, topP, topK, minP, repetitionPenalty, seed, output } = withDefaults(generateDefaults, options);
  const sampler = {
    temperature,
    top_p: topP,
    top_k: topK,
    min_p: minP,
    repeat_penalty: repetitionPenalty,
    // All the tokens there are.
    repeat_last_n: contextTokens,
    ...(seed !== undefined && { seed }),
    ...(output && { grammar: grammarOf(plainOutput(output)) }),
  };
  return {
    messages: messages.map(({ role, content }) => ({ role, content })),
    max_tokens: maxTokens,
    ...sampler,
    ...always,
  };
}

/** A prompt is read on from where it differs from the last one; its length and the number of tokens are told. */
const always = { cache_prompt: true, return_progress: true, stream_options: { include_usage: true } };

function chat({ engine, ...started }: StartedWllama, request: ChatCompletionParams, signal: AbortSignal | undefined) {
  return stream<ChatCompletionChunk>(started, signal, (call) => engine.createChatCompletion({ ...request, ...call }));
}

function complete({ engine, ...started }: StartedWllama, request: RawCompletionParams, signal: AbortSignal | undefined) {
  return stream<RawCompletionChunk>(started, signal, (call) => engine.createCompletion({ ...request, ...call }));
}

/** The chunks of a request; leaving the loop, or an abort, ends the request between two tokens. */
async function* stream<T>(
  { id, contextTokens }: Pick<StartedWllama, 'id' | 'contextTokens'>,
  signal: AbortSignal | undefined,
  begin: (call: { stream: true; onData: (chunk: T) => void; abortSignal: AbortSignal }) => Promise<void>,
): AsyncGenerator<T> {
  const left = new AbortController();
  const chunks = new Channel<T>();
  const abortSignal = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
  const ended = begin({ stream: true, onData: (chunk) => chunks.push(chunk), abortSignal }).then(
    () => chunks.end(),
    (error) => chunks.end(error),
  );
  try {
    for await (const chunk of chunks) {
      // What was made before the abort had its effect.
      signal?.throwIfAborted();
      yield chunk;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw wllamaError(cause, id, contextTokens);
  } finally {
    left.abort();
    await ended;
  }
}

/**
 * wllama offers no tokenizer, but tells the length of a prompt when it begins to read it. What it reads of a conversation until the
 * request is ended, it need not read again when that is asked.
 */
async function countTokens(
  started: StartedWllama,
  input: string | readonly ChatMessage[],
  { signal }: CallOptions,
): Promise<number> {
  if (input === '') return 0;
  const chunks =
    typeof input === 'string'
      ? complete(started, { prompt: input, max_tokens: 1, ...always }, signal)
      : chat(started, requestOf(started, input, { maxTokens: 1 }), signal);
  try {
    for await (const { prompt_progress } of chunks) if (prompt_progress) return prompt_progress.total;
  } catch (error) {
    if (InpageError.is(error, 'context-overflow')) return error.detail.promptTokens as number;
    throw error;
  }
  throw wllamaError('it told no length of the prompt', started.id, started.contextTokens);
}
