// An Embedder on transformers.js, for use inside a worker: batches of like length, questions before passages.
import type { PreTrainedModel, PreTrainedTokenizer } from '@huggingface/transformers';
import { Background } from '../runtime/foreground.ts';
import type { ModelRequest } from '../runtime/model-request.ts';
import { createTransformersLoader, type ModelLibrary, type TransformersModel } from '../runtime/transformers.ts';
import type { CallOptions, ProgressOptions } from '../spec/call.ts';
import type { Embedder, EmbedderInfo, EmbeddingSpace, EmbedOptions, TokenVectors, Vectors } from '../spec/embedder.ts';
import type { DownloadPlan } from '../spec/model.ts';
import { nextTask, Turnstile } from '../util/async.ts';
import { planBatches } from '../util/batches.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { normalize, pool } from './pooling.ts';

/** How an embedding model is to be used; see its card. */
export interface EmbeddingSettings {
  /** @default 'mean' */
  pooling?: EmbeddingSpace['pooling'];
  /** @default true */
  normalized?: boolean;
  /** Put in front of questions and passages. @default '' */
  prefix?: Partial<EmbeddingSpace['prefix']>;
  /** Longer texts are cut. @default the tokenizer's limit */
  maxTokens?: number;
}

/** Defaults of {@link EmbeddingSettings}. */
export const embeddingDefaults = { pooling: 'mean', normalized: true } satisfies EmbeddingSettings;

/** Options of {@link TransformersEmbedder.embed}; progress is told a batch, as the number of rows done. */
export interface SharedEmbedOptions extends EmbedOptions, ProgressOptions<number> {
  /** Does every `of`th batch only, from the one with this number on; the rows of the others are zero. For several threads. */
  share?: { number: number; of: number };
}

/** An `Embedder` that can say beforehand what it will download. */
export interface TransformersEmbedder extends Embedder {
  plan(options?: CallOptions): Promise<DownloadPlan>;
  embed(texts: readonly string[], options?: SharedEmbedOptions): Promise<Vectors>;
  embedTokens(texts: readonly string[], options?: SharedEmbedOptions): Promise<TokenVectors[]>;
}

/** Tokens of one forward pass, padding included: measured best on two cores; a GPU wants more. */
const batchTokens = { wasm: 512, webgpu: 4096 };

type Loaded = { library: ModelLibrary; model: PreTrainedModel; tokenizer: PreTrainedTokenizer; info: EmbedderInfo };

/** Makes the embedder of `request`; nothing is loaded yet. One a worker. */
export function createTransformersEmbedder(request: ModelRequest, settings: EmbeddingSettings = {}): TransformersEmbedder {
  const turns = new Turnstile();
  const background = new Background();
  const loader = createTransformersLoader(request, (library, prepared) => build(library, prepared, settings));

  /** Runs the model over all texts; `take` is given what it makes of each, and the text's tokens. */
  const forEachText = async (
    loaded: Loaded,
    texts: readonly string[],
    { kind = 'passage', priority = kind === 'query' ? 0 : 1, share = { number: 0, of: 1 }, ...call }: SharedEmbedOptions,
    take: (text: number, states: Float32Array, ids: readonly number[]) => void,
  ) => {
    const { signal, onProgress } = call;
    const { space, device, maxTokens } = loaded.info;
    const ids = texts.map((text) => encode(loaded.tokenizer, space.prefix[kind] + text, maxTokens));
    const lengths = ids.map((row) => row.length);
    // In lower precision a vector depends a little on the others of its batch, so the batches are the same for any share.
    let done = 0;
    for (const [index, batch] of planBatches(lengths, batchTokens[device === 'webgpu' ? device : 'wasm']).entries()) {
      if (index % share.of !== share.number) continue;
      if (priority > 0) await background.giveWay(signal);
      // A waiting question overtakes the next batch of passages.
      await turns.run(
        async () => {
          await nextTask();
          signal?.throwIfAborted();
          const started = performance.now();
          const states = await run(
            loaded,
            batch.map((i) => ids[i]!),
          );
          for (const [row, i] of batch.entries()) take(i, states[row]!, ids[i]!);
          background.worked(performance.now() - started);
        },
        { priority, signal },
      );
      done += batch.length;
      onProgress?.(done);
    }
  };

  return {
    plan: loader.plan,
    load: async (options) => (await loader.load(options)).info,

    async embed(texts, options = {}) {
      const loaded = await loader.load({ signal: options.signal });
      const { dimension, pooling, normalized } = loaded.info.space;
      const data = new Float32Array(texts.length * dimension);
      await forEachText(loaded, texts, options, (i, states, ids) => {
        const out = data.subarray(i * dimension, (i + 1) * dimension);
        pool(states, ids.length, pooling, out);
        if (normalized) normalize(out);
      });
      return { data, rows: texts.length, dimension };
    },

    async embedTokens(texts, options = {}) {
      const loaded = await loader.load({ signal: options.signal });
      const { dimension, normalized } = loaded.info.space;
      const special = new Set(loaded.tokenizer.all_special_ids);
      const vectors = new Array<TokenVectors>(texts.length);
      await forEachText(loaded, texts, options, (i, states, ids) => {
        const kept = [...ids.keys()].filter((t) => !special.has(ids[t]!));
        const data = new Float32Array(kept.length * dimension);
        for (const [row, t] of kept.entries()) {
          const out = data.subarray(row * dimension, (row + 1) * dimension);
          out.set(states.subarray(t * dimension, (t + 1) * dimension));
          if (normalized) normalize(out);
        }
        const tokens = kept.map((t) => loaded.tokenizer.decode([ids[t]!]));
        vectors[i] = { data, rows: kept.length, dimension, tokens };
      });
      return vectors;
    },

    async close() {
      await (await loader.unload())?.model.dispose();
    },
  };
}

async function build(library: ModelLibrary, prepared: TransformersModel, settings: EmbeddingSettings): Promise<Loaded> {
  const { device, config, request } = prepared;
  const tokenizer = await library.AutoTokenizer.from_pretrained(request.model);
  const model = await library.AutoModel.from_pretrained(request.model, { device: device.device, dtype: device.dtype });
  const { pooling, normalized, prefix } = withDefaults(embeddingDefaults, settings);
  const info: EmbedderInfo = {
    space: {
      model: request.model,
      revision: request.source.revision ?? 'main',
      dimension: config.hidden_size ?? 0,
      pooling,
      normalized,
      prefix: { query: prefix?.query ?? '', passage: prefix?.passage ?? '' },
    },
    device: device.device,
    dtype: device.dtype,
    threads: device.device === 'wasm' ? device.threads : 1,
    software: device.software,
    maxTokens: Math.min(
      settings.maxTokens ?? Number.POSITIVE_INFINITY,
      config.max_position_embeddings ?? 512,
      tokenizer.model_max_length || Number.POSITIVE_INFINITY,
    ),
  };
  return { library, model, tokenizer, info };
}

function encode(tokenizer: PreTrainedTokenizer, text: string, maxTokens: number): number[] {
  // Text that is certainly cut anyway need not be tokenized: no tokenizer here makes less than one token of 32 characters.
  const ids = tokenizer.encode(text.slice(0, maxTokens * 32));
  return ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ids.at(-1)!];
}

/** One forward pass; the states of the tokens of each text, row-major, followed by those of the padding. */
async function run({ library, model, info }: Loaded, batch: readonly (readonly number[])[]): Promise<Float32Array[]> {
  const width = Math.max(...batch.map((ids) => ids.length));
  const inputIds = new BigInt64Array(batch.length * width);
  const attention = new BigInt64Array(batch.length * width);
  batch.forEach((ids, row) => {
    ids.forEach((id, t) => {
      inputIds[row * width + t] = BigInt(id);
      attention[row * width + t] = 1n;
    });
  });
  const tensor = (values: BigInt64Array) => new library.Tensor('int64', values, [batch.length, width]);
  let states: Float32Array;
  try {
    const inputs = {
      input_ids: tensor(inputIds),
      attention_mask: tensor(attention),
      token_type_ids: tensor(new BigInt64Array(inputIds.length)),
    };
    const output = await model(inputs);
    states = (output.last_hidden_state ?? output.token_embeddings).data as Float32Array;
  } catch (cause) {
    throw new InpageError(
      'generation-failed',
      `The embedding model "${info.space.model}" failed: ${(cause as Error)?.message ?? cause}.`,
      {
        cause,
        detail: { model: info.space.model },
      },
    );
  }
  const size = width * info.space.dimension;
  return batch.map((_, row) => states.subarray(row * size, (row + 1) * size));
}
