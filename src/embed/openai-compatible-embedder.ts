// An Embedder on a server that speaks OpenAI's embeddings API: https://platform.openai.com/docs/api-reference/embeddings
import type { Http } from '../runtime/http.ts';
import { connectOpenAi, findModel, type OpenAiServerOptions } from '../runtime/openai-server.ts';
import type { CallOptions } from '../spec/call.ts';
import type { Embedder, EmbedderInfo, EmbeddingSpace } from '../spec/embedder.ts';
import type { LoadProgress } from '../spec/model.ts';
import { Shared, Turnstile } from '../util/async.ts';
import { Closing } from '../util/closing.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { normalize } from './pooling.ts';

/** Options of {@link openAiCompatibleEmbedder}. */
export interface OpenAiCompatibleEmbedderOptions extends OpenAiServerOptions {
  /**
   * The space that the vectors are said to be of; a collection takes those of one space. Name that of another embedder to use
   * its collections, if the server runs the same model in the same way. What it pools is the server's business and only
   * compared. With `dimension` given, loading makes no vector to measure it.
   * @default the model's name, mean pooling, no prefixes, vectors scaled to length 1
   */
  space?: Partial<EmbeddingSpace>;
  /** Tokens of a text that the server takes; longer ones it cuts or refuses (`context-overflow`). @default as it tells, else 512 */
  maxTokens?: number;
  /** Texts of one request. @default 32 */
  batchSize?: number;
  /** Fields of the request's body, put over those made here, e.g. `{ dimensions: 256 }`. */
  backendOptions?: Readonly<Record<string, unknown>>;
}

/** Defaults of {@link OpenAiCompatibleEmbedderOptions}. */
const defaults = { concurrency: 1, batchSize: 32 } satisfies Partial<OpenAiCompatibleEmbedderOptions>;

/**
 * Uses an embedding model on a server. The texts leave the device; nothing is sent before the first call. Failures that may pass are
 * tried again.
 * @throws InpageError `invalid-argument` for an address or a header that cannot be. Calls throw `remote-failed`, `no-progress`,
 *   `model-not-found`, `context-overflow`
 */
export function openAiCompatibleEmbedder(options: OpenAiCompatibleEmbedderOptions): Embedder {
  const { concurrency, batchSize } = withDefaults(defaults, options);
  const http = connectOpenAi(options);
  const turns = new Turnstile(concurrency);
  const closing = new Closing();
  const loaded = new Shared<{ model: string; info: EmbedderInfo }, LoadProgress>(async ({ signal, onProgress }) => {
    onProgress({ phase: 'probe' });
    const { id: model, contextTokens } = await findModel(http, options, { signal });
    const { dimension, revision = 'main', pooling = 'mean', normalized = true, prefix, ...named } = options.space ?? {};
    const measured = dimension ?? (await request(http, options, model, ['dimension'], { signal }))[0]!.length;
    onProgress({ phase: 'ready', model, device: 'remote' });
    const info: EmbedderInfo = {
      space: {
        model: named.model ?? model,
        revision,
        dimension: measured,
        pooling,
        normalized,
        prefix: { query: prefix?.query ?? '', passage: prefix?.passage ?? '' },
      },
      device: 'remote',
      dtype: 'unknown',
      threads: 1,
      maxTokens: options.maxTokens ?? contextTokens ?? 512,
    };
    return { model, info };
  });

  return {
    load: async ({ signal, onProgress } = {}) => (await loaded.get({ signal: closing.signal(signal), onProgress })).info,

    async embed(texts, { kind = 'passage', priority = kind === 'query' ? 0 : 1, signal } = {}) {
      const until = closing.signal(signal);
      const { model, info } = await loaded.get({ signal: until });
      const { dimension, normalized, prefix } = info.space;
      const data = new Float32Array(texts.length * dimension);
      const failed = new AbortController();
      const call = { signal: AbortSignal.any([until, failed.signal]) };
      const starts = Array.from({ length: Math.ceil(texts.length / batchSize) }, (_, batch) => batch * batchSize);
      const embedBatch = async (start: number) => {
        // OpenAI refuses an empty text.
        const batch = texts.slice(start, start + batchSize).map((text) => prefix[kind] + text || ' ');
        for (const [i, vector] of (await request(http, options, model, batch, call)).entries()) {
          if (vector.length !== dimension) {
            throw broken(`a vector of ${vector.length} numbers, not ${dimension} as before`);
          }
          const row = data.subarray((start + i) * dimension, (start + i + 1) * dimension);
          row.set(vector);
          if (normalized) normalize(row);
        }
      };
      try {
        await Promise.all(starts.map((start) => turns.run(() => embedBatch(start), { priority, ...call })));
      } catch (error) {
        failed.abort();
        throw error;
      }
      return { data, rows: texts.length, dimension };
    },

    close: async () => closing.close(),
  };
}

/** One request: a vector a text, in their order. */
async function request(
  http: Http,
  { backendOptions }: OpenAiCompatibleEmbedderOptions,
  model: string,
  input: readonly string[],
  call: CallOptions,
): Promise<number[][]> {
  const body = { model, input, encoding_format: 'float', ...backendOptions };
  const { data } = ((await http.json('embeddings', body, call)) ?? {}) as { data?: { index?: number; embedding?: unknown }[] };
  const vectors: number[][] = [];
  for (const [i, { index = i, embedding }] of (Array.isArray(data) ? data : []).entries()) {
    if (!Array.isArray(embedding) || embedding.length === 0 || !embedding.every(Number.isFinite)) {
      throw broken('a vector that is none');
    }
    vectors[index] = embedding;
  }
  if (vectors.length !== input.length || vectors.includes(undefined as never)) {
    throw broken(`${vectors.filter(Boolean).length} vectors for ${input.length} texts`);
  }
  return vectors;
}

function broken(what: string): InpageError {
  return new InpageError('remote-failed', `The server gave ${what}. Check that \`model\` is an embedding model.`);
}
