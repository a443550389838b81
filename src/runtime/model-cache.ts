// The models in the browser storage: what is there, how large, and how to be rid of it. Unfinished downloads are listed too.
import type { CachedModel, ModelSource } from '../spec/model.ts';
import { type FileRecord, openModelCache, parseKey } from './download/file-store.ts';
import { absoluteSource, guessModel, manifestUrl, modelPrefix } from './download/place.ts';

/** One file with all its entries in the cache. */
interface CachedFile {
  model: string;
  source: ModelSource;
  bytes: number;
  complete: boolean;
  /** False for the note that a file does not exist. */
  exists: boolean;
  keys: string[];
}

/** The models in the browser storage of this origin, unfinished downloads included, sorted by name. Works on a page and in a worker. */
export async function listModels(): Promise<CachedModel[]> {
  const models = new Map<string, CachedModel>();
  for (const { model, source, bytes, complete, exists } of await readFiles()) {
    if (!exists) continue;
    const prefix = modelPrefix(model, source);
    const found = models.get(prefix) ?? { model, source, bytes: 0, files: 0, complete: true };
    models.set(prefix, {
      ...found,
      bytes: found.bytes + bytes,
      files: found.files + 1,
      complete: found.complete && complete,
    });
  }
  return [...models.values()].sort((a, b) => a.model.localeCompare(b.model));
}

/**
 * Deletes a model from the browser storage; one that is not there is no error. Assistants that have loaded it keep running.
 * @param options.source only from this source, relative to the page as in `models`. @default from all sources
 * @returns bytes that were freed
 */
export async function deleteModel(model: string, { source }: { source?: ModelSource } = {}): Promise<number> {
  const cache = await openModelCache();
  const only = source && modelPrefix(model, absoluteSource(source));
  const [gone, left]: [CachedFile[], CachedFile[]] = [[], []];
  for (const file of await readFiles()) {
    const matches = file.model === model && (!only || modelPrefix(model, file.source) === only);
    (matches ? gone : left).push(file);
  }
  for (const { keys } of gone) for (const key of keys) await cache?.delete(key);
  // The listing of a folder serves all its models.
  const manifests = new Set(left.map((file) => manifestUrl(file.model, file.source)));
  for (const file of gone) {
    const manifest = manifestUrl(file.model, file.source);
    if (!manifests.has(manifest)) await cache?.delete(manifest);
  }
  return gone.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function readFiles(): Promise<CachedFile[]> {
  const cache = await openModelCache();
  const files = new Map<string, CachedFile>();
  for (const { url: key } of (await cache?.keys()) ?? []) {
    const entry = parseKey(key);
    const guess = guessModel(entry.url);
    if (!guess || isManifest(key)) continue;
    const file = files.get(entry.url) ?? { ...guess, bytes: 0, complete: false, exists: true, keys: [] };
    files.set(entry.url, file);
    file.keys.push(key);
    if ('bytes' in entry) file.bytes += entry.bytes;
    else if (entry.kind === 'absent') Object.assign(file, { exists: false, complete: true });
    else Object.assign(file, entry.kind === 'whole' ? await readWhole(cache!, key) : await readRecord(cache!, key));
  }
  return [...files.values()];
}

async function readWhole(cache: Cache, key: string): Promise<Partial<CachedFile>> {
  return { bytes: (await (await cache.match(key))?.blob())?.size ?? 0, complete: true };
}

async function readRecord(cache: Cache, key: string): Promise<Partial<CachedFile>> {
  const record: FileRecord | undefined = await (await cache.match(key))?.json();
  return record ? { model: record.model, source: record.source, complete: record.complete } : {};
}

/** Manifests lie in the same cache. */
function isManifest(key: string): boolean {
  return key.endsWith('/manifest.json') || /\/api\/models\/.+\/tree\/[^/]+$/.test(key);
}
