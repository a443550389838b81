// web-llm has no hook for its files, but it asks Cache Storage before the network. In a worker of its own its caches are a view of
// the files that the downloader has checked and keeps: nothing is stored twice, and web-llm itself never reaches the network.
import { InpageError } from '../util/errors.ts';
import type { ModelFiles } from './download.ts';

/**
 * Where the files of the model seem to be. `.invalid` is the name of no host (RFC 2606), and without `/resolve/` web-llm would
 * add a branch.
 */
const place = 'https://model.invalid/resolve/main/';

/** The address by which web-llm knows a file of the model. */
export function cachedUrl(name: string): string {
  return place + name;
}

/**
 * Shows files to web-llm as if it had cached them; they take the place of those shown before.
 * @param names paths of the files, by the names that web-llm has for them
 */
export function showAsCached(files: ModelFiles, names: ReadonlyMap<string, string>): void {
  const find = (request: Request | string) => {
    const url = typeof request === 'string' ? request : request.url;
    const path = names.get(url.slice(place.length));
    return path === undefined ? undefined : files.cached(path);
  };
  const view = {
    match: async (request: Request | string) => find(request),
    keys: async () => [...names.keys()].map((name) => new Request(cachedUrl(name))),
    add: async (request: Request | string) => {
      const url = typeof request === 'string' ? request : request.url;
      throw new InpageError('model-load-failed', `The model "${files.model}" needs a file that is not one of it: ${url}.`);
    },
  };
  const open = CacheStorage.prototype.open.bind(caches);
  // An own property hides the method of the prototype for this realm, and goes with it.
  caches.open = async (name) => (name.startsWith('webllm/') ? (view as unknown as Cache) : open(name));
}
