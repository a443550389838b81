// A cross-encoder on transformers.js, for use inside a worker: it reads a question and a text together (arXiv:1901.04085).
import type { PreTrainedModel, PreTrainedTokenizer, Tensor } from '@huggingface/transformers';
import type { ModelRequest } from '../runtime/model-request.ts';
import { createTransformersLoader, type ModelLibrary, type TransformersModel } from '../runtime/transformers.ts';
import type { CallOptions, ProgressOptions } from '../spec/call.ts';
import type { DownloadPlan } from '../spec/model.ts';
import type { Reranker, RerankerInfo, RerankOptions } from '../spec/reranker.ts';
import { nextTask, Turnstile } from '../util/async.ts';
import { planBatches } from '../util/batches.ts';
import { InpageError } from '../util/errors.ts';

/** A `Reranker` that can say beforehand what it will download; progress is told a batch, as the number of texts done. */
export interface TransformersCrossEncoder extends Reranker {
  plan(options?: CallOptions): Promise<DownloadPlan>;
  rerank(query: string, texts: readonly string[], options?: RerankOptions & ProgressOptions<number>): Promise<number[]>;
}

/** Tokens of one forward pass, padding included. */
const batchTokens = { wasm: 512, webgpu: 4096 };

/** Characters of the question for each token that the model takes: it must leave room for the text. */
const queryShare = 2;

/** A pair as the model reads it. */
interface Pair {
  ids: number[];
  types: number[];
}

type Loaded = {
  library: ModelLibrary;
  model: PreTrainedModel;
  tokenizer: PreTrainedTokenizer;
  info: RerankerInfo;
  maxTokens: number;
  batchTokens: number;
};

/** Makes the cross-encoder of `request`; nothing is loaded yet. One a worker. */
export function createTransformersCrossEncoder(request: ModelRequest): TransformersCrossEncoder {
  const turns = new Turnstile();
  const loader = createTransformersLoader(request, build);
  return {
    plan: loader.plan,
    load: async (options) => (await loader.load(options)).info,

    async rerank(query, texts, { priority = 0, signal, onProgress } = {}) {
      const loaded = await loader.load({ signal });
      const scores = new Array<number>(texts.length).fill(0);
      const pairs = texts.map((text) => encode(loaded, query, text));
      let done = 0;
      for (const batch of planBatches(
        pairs.map(({ ids }) => ids.length),
        loaded.batchTokens,
      )) {
        const found = await turns.run(
          async () => {
            await nextTask();
            signal?.throwIfAborted();
            return run(
              loaded,
              batch.map((i) => pairs[i]!),
            );
          },
          { priority, signal },
        );
        for (const [row, i] of batch.entries()) scores[i] = found[row]!;
        done += batch.length;
        onProgress?.(done);
      }
      return scores;
    },

    async close() {
      await (await loader.unload())?.model.dispose();
    },
  };
}

async function build(library: ModelLibrary, { device, config, request }: TransformersModel): Promise<Loaded> {
  const tokenizer = await library.AutoTokenizer.from_pretrained(request.model);
  const options = { device: device.device, dtype: device.dtype };
  const model = await library.AutoModelForSequenceClassification.from_pretrained(request.model, options);
  const maxTokens = Math.min(config.max_position_embeddings ?? 512, tokenizer.model_max_length || Number.POSITIVE_INFINITY);
  const info: RerankerInfo = { model: request.model, device: device.device, software: device.software };
  return { library, model, tokenizer, info, maxTokens, batchTokens: batchTokens[device.device] };
}

/** What is too long is cut at the end of the text. */
function encode({ tokenizer, maxTokens }: Loaded, query: string, text: string): Pair {
  const encoded = tokenizer(query.slice(0, maxTokens * queryShare), {
    // No tokenizer here makes less than one token of 32 characters.
    text_pair: text.slice(0, maxTokens * 32),
    return_tensor: false,
    return_token_type_ids: true,
  }) as unknown as { input_ids: number[]; token_type_ids?: number[] };
  const { input_ids: ids, token_type_ids: types = ids.map(() => 0) } = encoded;
  if (ids.length <= maxTokens) return { ids, types };
  return { ids: [...ids.slice(0, maxTokens - 1), ids.at(-1)!], types: types.slice(0, maxTokens) };
}

/** One forward pass; one score a pair. */
async function run({ library, model, info }: Loaded, pairs: readonly Pair[]): Promise<number[]> {
  const width = Math.max(...pairs.map(({ ids }) => ids.length));
  const tensor = (valueAt: (pair: Pair, t: number) => number) => {
    const values = new BigInt64Array(pairs.length * width);
    pairs.forEach((pair, row) => {
      for (let t = 0; t < pair.ids.length; t++) values[row * width + t] = BigInt(valueAt(pair, t));
    });
    return new library.Tensor('int64', values, [pairs.length, width]);
  };
  let logits: Tensor;
  try {
    const inputs = {
      input_ids: tensor(({ ids }, t) => ids[t]!),
      attention_mask: tensor(() => 1),
      token_type_ids: tensor(({ types }, t) => types[t]!),
    };
    ({ logits } = await model(inputs));
  } catch (cause) {
    const message = `The reranking model "${info.model}" failed: ${(cause as Error)?.message ?? cause}.`;
    throw new InpageError('generation-failed', message, { cause, detail: { model: info.model } });
  }
  const values = logits.data as Float32Array;
  const labels = values.length / pairs.length;
  // With two labels the second is "relevant"; what one label would say is their difference.
  return pairs.map((_, row) => values[(row + 1) * labels - 1]! - (labels === 2 ? values[row * labels]! : 0));
}
