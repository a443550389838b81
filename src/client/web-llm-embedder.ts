// An embedding model that web-llm runs, in a worker.
import type { EmbeddingSpace } from '../spec/embedder.ts';
import { type ConnectableEmbedder, deviceEmbedder } from './device-embedder.ts';
import { type WebLlmOptions, webLlmRequest, webLlmWish } from './web-llm.ts';

/** Options of {@link webLlmEmbedder}. */
export interface WebLlmEmbedderOptions extends Omit<WebLlmOptions, 'model'> {
  /** An arctic-embed model: a folder or an id, as of `webLlm`. @default 'snowflake-arctic-embed-s-q0f32-MLC-b4' */
  model?: string;
  /** Put in front of questions and passages. @default what arctic-embed was trained with: a sentence before questions */
  prefix?: Partial<EmbeddingSpace['prefix']>;
  /** Longer texts are cut. @default the model's limit */
  maxTokens?: number;
}

const defaults = {
  model: 'snowflake-arctic-embed-s-q0f32-MLC-b4',
  prefix: { query: 'Represent this sentence for searching relevant passages: ' },
};

/**
 * Runs an embedding model with web-llm, which needs WebGPU and the package `@mlc-ai/web-llm`, in a worker of its own. Nothing is
 * loaded before the first call. It has arctic-embed only, and gives no vectors of single tokens.
 */
export function webLlmEmbedder({
  prefix = defaults.prefix,
  maxTokens,
  ...rest
}: WebLlmEmbedderOptions = {}): Omit<ConnectableEmbedder, 'embedTokens'> {
  const options = { ...rest, model: rest.model ?? defaults.model };
  const configuration = { backend: 'web-llm', request: webLlmRequest(options), settings: { prefix, maxTokens } } as const;
  const { embedTokens, ...embedder } = deviceEmbedder(configuration, webLlmWish(options), options);
  return embedder;
}
