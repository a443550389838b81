// An Llm on transformers.js, for use inside a worker. The library's own loop cannot take away what a cache has too much, ignores
// top-p and min-p, and lets no message in between two tokens on WASM, so the loop is here; the library runs the passes.
import type { PreTrainedModel, PreTrainedTokenizer } from '@huggingface/transformers';
import type { ModelRequest } from '../runtime/model-request.ts';
import { createTransformersLoader, type ModelLibrary, type TransformersModel } from '../runtime/transformers.ts';
import type { ChatMessage, GenerateEvent, GenerateOptions, LlmInfo } from '../spec/llm.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { createRandom } from '../util/random.ts';
import { createCausalModel } from './causal-model.ts';
import { createConstraint } from './constraint.ts';
import { createContrast } from './contrast.ts';
import { type Decoder, decode, type LogitsAdjuster } from './decode.ts';
import { createDetokenizer } from './detokenizer.ts';
import { createPassCost } from './draft-policy.ts';
import { generateDefaults, refuseLogits } from './generate-defaults.ts';
import { contextOverflow, loadedLlm, type PlannedLlm } from './loaded-llm.ts';
import { createNeighbours } from './neighbours.ts';
import { measureNoise } from './pass-noise.ts';
import { commonPrefix, createPrefixStore } from './prefix-store.ts';

type Loaded = { decoder: Decoder; session: PreTrainedModel; tokenizer: PreTrainedTokenizer; info: LlmInfo };

/** Tokens of a prompt that are read at once: well under a second, so that an abort takes effect. */
const pieceTokens = { wasm: 64, webgpu: 256 };

/** Bytes of keys and values that are kept between generations. */
const storeBytes = 256 * 2 ** 20;

/** Up to here passes over several tokens differ by rounding alone; 8-bit activations of a whole pass make it about 1. */
const roundingNoise = 0.01;

/** Some ordinary text. */
const pangram = 'The quick brown fox jumps over the lazy dog.';

/** Makes the model of `request`; nothing is loaded yet. One a worker. */
export function createTransformersLlm(request: ModelRequest): PlannedLlm {
  return loadedLlm(createTransformersLoader(request, build), {
    info: ({ info }) => info,
    generate,
    countTokens: ({ tokenizer }, input) =>
      typeof input === 'string' ? tokenizer.encode(input).length : render(tokenizer, input).length,
    async dispose({ decoder, session }) {
      decoder.store.clear();
      await session.dispose();
    },
  });
}

async function build(library: ModelLibrary, { device, config, request }: TransformersModel): Promise<Loaded> {
  const tokenizer = await library.AutoTokenizer.from_pretrained(request.model);
  const options = { device: device.device, dtype: device.dtype };
  const session = await library.AutoModelForCausalLM.from_pretrained(request.model, options);
  const model = createCausalModel(library, session);
  // Passes of an emulated GPU take seconds, and models for a GPU keep their activations in floating point.
  const noise = device.device === 'wasm' ? await measureNoise(model, tokenizer.encode(pangram)) : 0;
  const exact = noise < roundingNoise;
  const info: LlmInfo = {
    backend: 'transformers',
    model: request.model,
    revision: request.source.revision ?? 'main',
    device: device.device,
    dtype: device.dtype,
    threads: device.device === 'wasm' ? device.threads : 1,
    software: device.software,
    contextTokens: Math.min(
      config.max_position_embeddings ?? 2048,
      tokenizer.model_max_length || Number.POSITIVE_INFINITY,
      request.contextTokens ?? Number.POSITIVE_INFINITY,
    ),
    capabilities: {
      output: ['schema', 'regex', 'choice'],
      sampling: ['temperature', 'topP', 'topK', 'minP', 'repetitionPenalty', 'seed', 'stop'],
      prefixCache: true,
      // Wrong drafts are cut off, which is done on the CPU.
      promptLookup: exact && device.device === 'wasm',
      // Keys and values that lie on a GPU are out of reach.
      logits: device.device === 'wasm' ? ['probabilities', 'contrast', 'neighbours'] : ['probabilities', 'contrast'],
      countTokens: true,
    },
  };
  const { eos_token_id } = session.config as { eos_token_id?: number | number[] };
  const end = session.generation_config?.eos_token_id ?? eos_token_id ?? [];
  const decoder: Decoder = {
    model,
    noise,
    exact,
    store: createPrefixStore(storeBytes),
    cost: createPassCost(),
    endTokens: new Set([end].flat()),
    pieceTokens: pieceTokens[device.device],
  };
  return { decoder, session, tokenizer, info };
}

async function* generate(
  { decoder, tokenizer, info }: Loaded,
  messages: readonly ChatMessage[],
  options: GenerateOptions,
): AsyncGenerator<GenerateEvent> {
  const { promptLookup, output, stop, seed, contrast, neighbours, ...settings } = withDefaults(
    { ...generateDefaults, promptLookup: true },
    options,
  );
  settings.signal?.throwIfAborted();
  refuseLogits(options, info.capabilities.logits, `transformers.js on ${info.device}`);
  const prompt = render(tokenizer, messages);
  const maxTokens = Math.min(settings.maxTokens, info.contextTokens - prompt.length);
  if (maxTokens < 1) throw contextOverflow(prompt.length, info.contextTokens);

  const started = performance.now();
  const constraint = output && (await createConstraint(tokenizer, output));
  // Cleaning takes away spaces before punctuation, which moves text that was given already: a comma could be lost.
  const exactly = { skip_special_tokens: true, clean_up_tokenization_spaces: false };
  const detokenizer = createDetokenizer((tokens) => tokenizer.decode([...tokens], exactly), stop);
  const adjusters: LogitsAdjuster[] = [];
  if (neighbours) adjusters.push(createNeighbours(prompt, neighbours.weight ?? 0.25, neighbours.k ?? 16));
  if (contrast) {
    adjusters.push(createContrast(decoder, render(tokenizer, contrast.messages), contrast.weight ?? 0.5, settings.signal));
  }
  const counts = { cached: 0, drafted: 0, accepted: 0 };
  const tokens = decode(
    decoder,
    prompt,
    {
      ...settings,
      maxTokens,
      constraint,
      adjusters,
      draft: promptLookup && info.capabilities.promptLookup && (settings.temperature <= 0 || settings.topK === 1),
      random: createRandom(seed ?? Math.floor(Math.random() * 2 ** 32)),
      sharedTokens: sharedTokens(tokenizer, messages, prompt),
    },
    counts,
  );
  let firstAt = 0;
  let lastAt = started;
  let completionTokens = 0;
  let ended = false;
  let text = '';
  /** Of the tokens that wait to be text. */
  let least = 1;
  try {
    for await (const { token, probability } of tokens) {
      lastAt = performance.now();
      firstAt ||= lastAt;
      completionTokens++;
      ended = decoder.endTokens.has(token);
      const piece = detokenizer.push(token);
      text += piece;
      if (probability !== undefined) least = Math.min(least, probability);
      if (piece) {
        yield { type: 'token', text: piece, ...(probability !== undefined && { probability: least }) };
        least = 1;
      }
      if (detokenizer.stopped) break;
    }
  } catch (cause) {
    if (settings.signal?.aborted || InpageError.is(cause)) throw cause;
    const message = `The model "${info.model}" failed while it ran: ${(cause as Error)?.message ?? cause}.`;
    throw new InpageError('generation-failed', message, { cause, detail: { model: info.model } });
  }
  const rest = detokenizer.flush();
  if (rest) yield { type: 'token', text: rest, ...(settings.probabilities && { probability: least }) };
  yield {
    type: 'done',
    text: text + rest,
    reason: ended || detokenizer.stopped ? 'stop' : 'length',
    usage: {
      promptTokens: prompt.length,
      completionTokens,
      cachedTokens: counts.cached,
      draftedTokens: counts.drafted,
      acceptedTokens: counts.accepted,
    },
    timings: { prefillMs: firstAt - started, decodeMs: lastAt - firstAt },
  };
}

function render(tokenizer: PreTrainedTokenizer, messages: readonly ChatMessage[], reply = true): number[] {
  return tokenizer.apply_chat_template([...messages], {
    add_generation_prompt: reply,
    tokenize: true,
    return_tensor: false,
    return_dict: false,
  }) as number[];
}

/** Length of the part that all conversations with this system prompt begin with; 0 without one. */
function sharedTokens(tokenizer: PreTrainedTokenizer, messages: readonly ChatMessage[], prompt: readonly number[]): number {
  const [first] = messages;
  return first?.role === 'system' ? commonPrefix(render(tokenizer, [first], false), prompt) : 0;
}
