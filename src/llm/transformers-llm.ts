// An Llm on transformers.js, for use inside a worker. The library's own sampling ignores top-p and min-p, and its loop
// never lets messages in between two tokens on WASM; both are mended here.
import type { PreTrainedModel, PreTrainedTokenizer, Tensor } from '@huggingface/transformers';
import type { ModelRequest } from '../runtime/model-request.ts';
import { createTransformersLoader, type ModelLibrary, type TransformersModel } from '../runtime/transformers.ts';
import type { CallOptions } from '../spec/call.ts';
import type { ChatMessage, GenerateEvent, GenerateOptions, Llm, LlmInfo } from '../spec/llm.ts';
import type { DownloadPlan } from '../spec/model.ts';
import { Channel, nextTask, Turnstile } from '../util/async.ts';
import { abortError, InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { createRandom } from '../util/random.ts';
import { createDetokenizer } from './detokenizer.ts';
import { penalize, type SamplingSettings, sample } from './sampling.ts';

type Model = PreTrainedModel & { forward(inputs: unknown): Promise<unknown> };
type Loaded = { library: ModelLibrary; model: Model; tokenizer: PreTrainedTokenizer; info: LlmInfo };

/** Defaults of {@link GenerateOptions}. */
export const generateDefaults = {
  maxTokens: 256,
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
} satisfies GenerateOptions;

/** An `Llm` that can say beforehand what it will download. */
export interface TransformersLlm extends Llm {
  plan(options?: CallOptions): Promise<DownloadPlan>;
}

/** Makes the model of `request`; nothing is loaded yet. One a worker. */
export function createTransformersLlm(request: ModelRequest): TransformersLlm {
  const turns = new Turnstile();
  const loader = createTransformersLoader(request, build);

  return {
    plan: loader.plan,
    load: async (options) => (await loader.load(options)).info,

    async *generate(messages, options = {}) {
      const { signal } = options;
      const loaded = await loader.load({ signal });
      // The library's loop calls back and does not wait, so events are buffered.
      const events = new Channel<GenerateEvent>();
      const left = new AbortController();
      const settings = { ...options, signal: signal ? AbortSignal.any([signal, left.signal]) : left.signal };
      const work = turns
        .run(() => generate(loaded, messages, settings, (event) => events.push(event)), { signal })
        .then(() => events.end())
        .catch((error) => events.end(error));
      try {
        yield* events;
      } finally {
        left.abort();
        await work;
      }
    },

    async countTokens(input, { signal } = {}) {
      const { tokenizer } = await loader.load({ signal });
      return typeof input === 'string' ? tokenizer.encode(input).length : render(tokenizer, input).length;
    },

    async close() {
      await (await loader.unload())?.model.dispose();
    },
  };
}

async function build(library: ModelLibrary, { device, config, request }: TransformersModel): Promise<Loaded> {
  const tokenizer = await library.AutoTokenizer.from_pretrained(request.model);
  const options = { device: device.device, dtype: device.dtype };
  const model = (await library.AutoModelForCausalLM.from_pretrained(request.model, options)) as unknown as Model;
  const forward = model.forward.bind(model);
  model.forward = async (inputs) => {
    await nextTask();
    return forward(inputs);
  };
  const info: LlmInfo = {
    backend: 'transformers',
    model: request.model,
    revision: request.source.revision ?? 'main',
    device: device.device,
    dtype: device.dtype,
    threads: device.device === 'wasm' ? device.threads : 1,
    software: device.software,
    contextTokens: Math.min(config.max_position_embeddings ?? 2048, tokenizer.model_max_length || Number.POSITIVE_INFINITY),
    capabilities: {
      output: [],
      sampling: ['temperature', 'topP', 'topK', 'minP', 'repetitionPenalty', 'seed', 'stop'],
      prefixCache: false,
      promptLookup: false,
      countTokens: true,
    },
  };
  return { library, model, tokenizer, info };
}

async function generate(
  { library, model, tokenizer, info }: Loaded,
  messages: readonly ChatMessage[],
  options: GenerateOptions,
  emit: (event: GenerateEvent) => void,
): Promise<void> {
  const { maxTokens, stop, seed, signal, ...settings } = withDefaults(generateDefaults, options);
  signal?.throwIfAborted();
  const prompt = render(tokenizer, messages);
  const room = info.contextTokens - prompt.length;
  if (room < 1) {
    throw new InpageError(
      'context-overflow',
      `The prompt has ${prompt.length} tokens, the model takes ${info.contextTokens}. Shorten the question or the context.`,
      { detail: { promptTokens: prompt.length, contextTokens: info.contextTokens } },
    );
  }
  const detokenizer = createDetokenizer((tokens) => tokenizer.decode([...tokens], { skip_special_tokens: true }), stop);
  const started = performance.now();
  let firstAt = 0;
  let lastAt = started;
  let completionTokens = 0;
  let text = '';
  const give = (piece: string) => {
    if (!piece) return;
    text += piece;
    emit({ type: 'token', text: piece });
  };

  class Watch extends library.StoppingCriteria {
    override _call(sequences: number[][]): boolean[] {
      return sequences.map(() => signal?.aborted === true || detokenizer.stopped);
    }
  }
  const streamer = new (class extends library.BaseStreamer {
    #prompt = true;
    override put([tokens]: bigint[][]): void {
      if (this.#prompt) {
        this.#prompt = false;
        return;
      }
      lastAt = performance.now();
      firstAt ||= lastAt;
      completionTokens += tokens!.length;
      for (const token of tokens!) give(detokenizer.push(Number(token)));
    }
    override end(): void {
      give(detokenizer.flush());
    }
  })();

  const ids = new library.Tensor('int64', BigInt64Array.from(prompt, BigInt), [1, prompt.length]);
  const attention = new library.Tensor('int64', new BigInt64Array(prompt.length).fill(1n), [1, prompt.length]);
  try {
    await model.generate({
      inputs: ids,
      attention_mask: attention,
      max_new_tokens: Math.min(maxTokens, room),
      do_sample: false,
      streamer,
      stopping_criteria: [new Watch()],
      logits_processor: processors(library, settings, seed),
    } as unknown as Parameters<Model['generate']>[0]);
  } catch (cause) {
    throw new InpageError(
      'generation-failed',
      `The model "${info.model}" failed while it ran: ${(cause as Error)?.message ?? cause}.`,
      {
        cause,
        detail: { model: info.model },
      },
    );
  }
  if (signal?.aborted) throw abortError(signal);
  emit({
    type: 'done',
    text,
    reason: completionTokens >= Math.min(maxTokens, room) && !detokenizer.stopped ? 'length' : 'stop',
    usage: { promptTokens: prompt.length, completionTokens },
    timings: { prefillMs: firstAt - started, decodeMs: lastAt - firstAt },
  });
}

/** Draws the token itself and leaves the library's greedy search only that one; nothing to do for plain greedy search. */
function processors(library: ModelLibrary, settings: SamplingSettings, seed: number | undefined) {
  const list = new library.LogitsProcessorList();
  if (settings.temperature <= 0 && settings.repetitionPenalty === 1) return list;
  const random = createRandom(seed ?? Math.floor(Math.random() * 2 ** 32));
  class Sampler extends library.LogitsProcessor {
    override _call(sequences: bigint[][], logits: Tensor): Tensor {
      const values = logits.data as Float32Array;
      penalize(values, sequences[0]!.map(Number), settings.repetitionPenalty);
      const token = sample(values, settings, random);
      values.fill(Number.NEGATIVE_INFINITY);
      values[token] = 0;
      return logits;
    }
  }
  list.push(new Sampler());
  return list;
}

function render(tokenizer: PreTrainedTokenizer, messages: readonly ChatMessage[]): number[] {
  return tokenizer.apply_chat_template([...messages], {
    add_generation_prompt: true,
    tokenize: true,
    return_tensor: false,
    return_dict: false,
  }) as number[];
}
