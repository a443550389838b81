// An Embedder on web-llm, for use inside a worker: the arctic-embed models (arXiv:2405.05374), the only ones it has.
import type { ModelRequest } from '../runtime/model-request.ts';
import { createWebLlmLoader, type StartedWebLlm } from '../runtime/web-llm.ts';
import { webLlmRunError } from '../runtime/web-llm-errors.ts';
import type { CallOptions } from '../spec/call.ts';
import type { Embedder, EmbedderInfo, EmbeddingSpace } from '../spec/embedder.ts';
import type { DownloadPlan } from '../spec/model.ts';
import { abortable, nextTask, Turnstile } from '../util/async.ts';
import { normalize } from './pooling.ts';

/** An `Embedder` that can say beforehand what it will download. */
export interface WebLlmEmbedder extends Embedder {
  plan(options?: CallOptions): Promise<DownloadPlan>;
}

/** How the model is to be used; see its card. */
export interface WebLlmEmbedding {
  /** Put in front of questions and passages. @default '' */
  prefix?: Partial<EmbeddingSpace['prefix']>;
  /** Longer texts are cut. @default the model's limit */
  maxTokens?: number;
}

/** Makes the embedder of `request`; nothing is loaded yet. One a worker. */
export function createWebLlmEmbedder(request: ModelRequest, settings: WebLlmEmbedding = {}): WebLlmEmbedder {
  const turns = new Turnstile();
  const loader = createWebLlmLoader(request, 'embedding');

  return {
    plan: loader.plan,
    load: async (options) => embedderInfo(await loader.load(options), request, settings),

    async embed(texts, { kind = 'passage', priority = kind === 'query' ? 0 : 1, signal } = {}) {
      const started = await loader.load({ signal });
      const { space, maxTokens } = embedderInfo(started, request, settings);
      const data = new Float32Array(texts.length * space.dimension);
      // Its pooling does not see the padding, so in a batch only the longest text would be right.
      for (const [row, text] of texts.entries()) {
        const work = async () => {
          await nextTask();
          signal?.throwIfAborted();
          const vector = data.subarray(row * space.dimension, (row + 1) * space.dimension);
          vector.set(await embedOne(started, space.prefix[kind] + text, maxTokens));
          normalize(vector);
        };
        await turns.run(work, { priority, signal });
      }
      return { data, rows: texts.length, dimension: space.dimension };
    },

    async close() {
      await (await loader.unload())?.dispose();
    },
  };
}

function embedderInfo(
  { model: { id, config } }: StartedWebLlm,
  { source }: ModelRequest,
  { prefix, maxTokens = Number.POSITIVE_INFINITY }: WebLlmEmbedding,
): EmbedderInfo {
  return {
    space: {
      model: id,
      revision: source.revision ?? 'main',
      dimension: config.model_config?.hidden_size ?? 0,
      pooling: 'cls',
      normalized: true,
      prefix: { query: prefix?.query ?? '', passage: prefix?.passage ?? '' },
    },
    device: 'webgpu',
    dtype: config.quantization ?? 'unknown',
    threads: 1,
    maxTokens: Math.min(maxTokens, config.context_window_size ?? 512),
  };
}

/** The state of the first token of one text. */
async function embedOne({ engine, model, tokenizer, lost }: StartedWebLlm, text: string, maxTokens: number): Promise<number[]> {
  // The library does not frame a text as BERT was trained to read it.
  const [first, last] = ['[CLS]', '[SEP]'].map((name) => tokenizer.encode(name)[0]!);
  // Text that is certainly cut anyway need not be tokenized: no token of BERT has more than 32 characters of it.
  const tokens = [...tokenizer.encode(text.slice(0, maxTokens * 32))].slice(0, maxTokens - 2);
  try {
    const { data } = await abortable(engine.embedding({ input: [first!, ...tokens, last!] }), lost);
    return data[0]!.embedding;
  } catch (cause) {
    throw webLlmRunError(cause, model.id);
  }
}
