// An embedding model that transformers.js runs, in a worker.
import type { EmbeddingSettings } from '../embed/transformers-embedder.ts';
import { withDefaults } from '../util/options.ts';
import { type ConnectableEmbedder, deviceEmbedder } from './device-embedder.ts';
import { defaultModels, knownEmbedding, ladderWish, type ModelOptions, modelRequest } from './models.ts';

/** Options of {@link transformersEmbedder}. */
export interface TransformersEmbedderOptions extends ModelOptions, EmbeddingSettings {
  /** A feature-extraction model, in ONNX. @default 'all-MiniLM-L6-v2' */
  model?: string;
}

/** Runs an embedding model with transformers.js in a worker of its own. Nothing is loaded before the first call. */
export function transformersEmbedder(options: TransformersEmbedderOptions = {}): ConnectableEmbedder {
  const { model = defaultModels.embedder } = options;
  const { pooling, normalized, prefix, maxTokens } = withDefaults(knownEmbedding(model), options);
  const settings = { pooling, normalized, prefix, maxTokens };
  const configuration = { backend: 'transformers', request: modelRequest(model, options), settings } as const;
  return deviceEmbedder(configuration, ladderWish(model, options), options);
}
