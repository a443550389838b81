// An Llm on web-llm, for use inside a worker. Its engine runs here: the worker it would start is this one.
import type { ChatCompletionChunk, ChatCompletionMessageParam, CompletionUsage } from '@mlc-ai/web-llm';
import type { ModelRequest } from '../runtime/model-request.ts';
import { createWebLlmLoader, type StartedWebLlm } from '../runtime/web-llm.ts';
import { webLlmRunError } from '../runtime/web-llm-errors.ts';
import type { MlcConfig } from '../runtime/web-llm-model.ts';
import type { ChatMessage, GenerateEvent, GenerateOptions, LlmInfo, SamplingOption } from '../spec/llm.ts';
import { abortable } from '../util/async.ts';
import { abortError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { generateDefaults, ignoredOptions, refuseLogits } from './generate-defaults.ts';
import { contextOverflow, loadedLlm, type PlannedLlm } from './loaded-llm.ts';
import { createStopFilter } from './stop-texts.ts';
import { responseFormat } from './web-llm-output.ts';
import { escapeMessages, promptTexts, templateOf } from './web-llm-prompt.ts';

/** So little of the probability has the best token alone. */
const greedyTopP = 1e-4;

/** Sampling options that take effect. */
const sampling = ['temperature', 'topP', 'repetitionPenalty', 'seed', 'stop'] satisfies SamplingOption[];

/** Makes the model of `request`; nothing is loaded yet. One a worker: the engine has one interrupt for all requests. */
export function createWebLlm(request: ModelRequest): PlannedLlm {
  return loadedLlm(createWebLlmLoader(request, 'LLM'), {
    info: (started) => llmInfo(started, request),
    generate,
    countTokens: (started, input) =>
      typeof input === 'string' ? started.tokenizer.encode(input).length : countPrompt(started, input),
    dispose: (started) => started.dispose(),
  });
}

function llmInfo({ model: { id, config }, software }: StartedWebLlm, { source }: ModelRequest): LlmInfo {
  return {
    backend: 'web-llm',
    model: id,
    revision: source.revision ?? 'main',
    device: 'webgpu',
    dtype: config.quantization ?? 'unknown',
    threads: 1,
    software,
    contextTokens: contextTokens(config),
    capabilities: {
      output: ['schema', 'regex', 'choice'],
      sampling,
      prefixCache: true,
      promptLookup: false,
      logits: [],
      countTokens: true,
    },
  };
}

function contextTokens({ context_window_size = 0, sliding_window_size = 0 }: MlcConfig): number {
  return Math.max(context_window_size, sliding_window_size);
}

async function* generate(
  started: StartedWebLlm,
  messages: readonly ChatMessage[],
  options: GenerateOptions,
): AsyncGenerator<GenerateEvent> {
  const { model, lost } = started;
  const { maxTokens, signal } = withDefaults(generateDefaults, options);
  signal?.throwIfAborted();
  refuseLogits(options, [], 'web-llm');
  const promptTokens = countPrompt(started, messages);
  const limit = contextTokens(model.config);
  const room = limit - promptTokens;
  if (room < 1) throw contextOverflow(promptTokens, limit);

  const begun = performance.now();
  const filter = createStopFilter(options.stop);
  let firstAt = 0;
  let lastAt = begun;
  let text = '';
  let tokens = 0;
  let reason: 'stop' | 'length' = 'stop';
  let usage: CompletionUsage | undefined;
  let chunks: AsyncIterator<ChatCompletionChunk> | undefined;
  try {
    chunks = await begin(started, messages, { ...options, maxTokens: Math.min(maxTokens, room) });
    while (!filter.stopped) {
      const { done, value: chunk } = await abortable(chunks.next(), lost);
      if (done) break;
      if (signal?.aborted) throw abortError(signal);
      usage = chunk.usage ?? usage;
      const [choice] = chunk.choices;
      if (choice?.finish_reason === 'length') reason = 'length';
      // The last chunks have no text: the reason of the end, and the usage.
      if (choice?.delta.content === undefined) continue;
      lastAt = performance.now();
      firstAt ||= lastAt;
      tokens++;
      const piece = filter.push(choice.delta.content ?? '');
      text += piece;
      if (piece) yield { type: 'token', text: piece };
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw webLlmRunError(cause, model.id);
  } finally {
    // Between two tokens this ends the request; a lost device would never answer.
    if (!lost.aborted) await chunks?.return?.();
  }
  const rest = filter.flush();
  if (rest) yield { type: 'token', text: rest };
  const warnings = ignoredOptions(options, sampling, 'web-llm');
  yield {
    type: 'done',
    text: text + rest,
    reason,
    usage: { promptTokens, completionTokens: usage?.completion_tokens ?? tokens, ...cached(promptTokens, usage, model.config) },
    timings: { prefillMs: firstAt - begun, decodeMs: lastAt - firstAt },
    ...(warnings.length > 0 && { warnings }),
  };
}

async function begin(
  { engine, model }: StartedWebLlm,
  messages: readonly ChatMessage[],
  options: GenerateOptions,
): Promise<AsyncIterator<ChatCompletionChunk>> {
  const { maxTokens, temperature, topP, repetitionPenalty, seed, output } = withDefaults(generateDefaults, options);
  const stream = await engine.chatCompletion({
    messages: escapeMessages(messages, templateOf(model.config)) as ChatCompletionMessageParam[],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: maxTokens,
    temperature,
    top_p: temperature > 0 ? topP : greedyTopP,
    repetition_penalty: repetitionPenalty,
    frequency_penalty: 0,
    presence_penalty: 0,
    ...(seed !== undefined && { seed }),
    ...(output && { response_format: responseFormat(output) }),
  });
  return stream[Symbol.asyncIterator]();
}

function countPrompt({ model, tokenizer }: Pick<StartedWebLlm, 'model' | 'tokenizer'>, messages: readonly ChatMessage[]): number {
  const template = templateOf(model.config);
  const texts = promptTexts(messages, template);
  return texts.reduce((sum, text) => sum + tokenizer.encode(text).length, template.system_prefix_token_ids?.length ?? 0);
}

/**
 * What was not read again. web-llm counts what it reads: all but the prefix that stands before every conversation, or where it goes
 * on with the last conversation, the new turn alone.
 */
function cached(promptTokens: number, usage: CompletionUsage | undefined, config: MlcConfig): { cachedTokens?: number } {
  const prefix = templateOf(config).system_prefix_token_ids?.length ?? 0;
  if (!usage || usage.prompt_tokens + prefix >= promptTokens) return {};
  return { cachedTokens: promptTokens - usage.prompt_tokens };
}
