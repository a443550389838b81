// Where the files of a model are: below a folder, or at a hub with the addresses of huggingface.co.
import type { ModelSource } from '../../spec/model.ts';

/** A source with absolute places: a worker has another base than its page. */
export function absoluteSource({ host, base = '/models/', revision }: ModelSource = {}): ModelSource {
  const page = globalThis.document?.baseURI ?? globalThis.location?.href;
  const place = host ? { host: new URL(host, page).href } : { base: new URL(base.endsWith('/') ? base : `${base}/`, page).href };
  return { ...place, ...(revision && { revision }) };
}

/** What the addresses of a model's files begin with. */
export function modelPrefix(model: string, { host, base, revision = 'main' }: ModelSource): string {
  return host ? `${host.replace(/\/$/, '')}/${model}/resolve/${encodeURIComponent(revision)}/` : `${base}${model}/`;
}

/** Where sizes and digests of a model's files are told. */
export function manifestUrl(model: string, { host, base, revision = 'main' }: ModelSource): string {
  if (!host) return `${base}manifest.json`;
  return `${host.replace(/\/$/, '')}/api/models/${model}/tree/${encodeURIComponent(revision)}?recursive=true`;
}

/**
 * Model and source of a file by its address alone, for files that were stored without saying so. A folder's models are
 * taken to have plain names.
 */
export function guessModel(url: string): { model: string; source: ModelSource } | undefined {
  const hub = /^(.+?)\/([^/]+\/[^/]+)\/resolve\/([^/]+)\//.exec(url);
  if (hub) return { model: hub[2]!, source: { host: `${hub[1]}/`, revision: decodeURIComponent(hub[3]!) } };
  const folder = /^(.+?\/)([^/]+)\/(?:onnx\/)?[^/]+$/.exec(url);
  return folder ? { model: folder[2]!, source: { base: folder[1]! } } : undefined;
}
