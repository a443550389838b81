// What the worker of the embedding model offers, on its own scope and on the ports it is given.
import { createTransformersEmbedder, type EmbeddingSettings, type TransformersEmbedder } from '../embed/transformers-embedder.ts';
import type { ModelRequest } from '../runtime/model-request.ts';
import { expose, type Service, transferring } from '../runtime/rpc.ts';
import type { EmbedApi } from '../spec/worker-api.ts';

/** Makes the service; the model follows with `configure`. */
export function embedService(): Service {
  let embedder: TransformersEmbedder;
  const api: EmbedApi<{ request: ModelRequest; settings: EmbeddingSettings }> = {
    configure: ({ request, settings }) => {
      embedder = createTransformersEmbedder(request, settings);
    },
    plan: (options) => embedder.plan(options),
    load: (options) => embedder.load(options),
    embed: async (texts, options) => {
      const vectors = await embedder.embed(texts, options);
      return transferring(vectors, [vectors.data.buffer]);
    },
    connect: (port) => expose({ load: api.load, embed: api.embed }, port),
  };
  return { ...api };
}
