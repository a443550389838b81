// Export and import as the worker of the collection offers them. An export is taken piece by piece, so that a page that is slower
// than the disk makes it wait.
import { transferring } from '../runtime/rpc.ts';
import type { Store } from '../spec/store.ts';
import type { TransferApi } from '../spec/worker-api.ts';
import { InpageError } from '../util/errors.ts';
import { openFile } from './open-file.ts';

/** Makes the methods. */
export function transferService(store: () => Store): TransferApi {
  const exports = new Map<number, { pieces: AsyncIterator<Uint8Array>; onProgress: { current?: ReportProgress } }>();
  type ReportProgress = (progress: { done: number; total: number }) => void;

  const begin = (id: number) => {
    const onProgress: { current?: ReportProgress } = {};
    const pieces = store()
      .export({ onProgress: (progress) => onProgress.current?.(progress) })
      [Symbol.asyncIterator]();
    const begun = { pieces, onProgress };
    exports.set(id, begun);
    return begun;
  };
  const end = async (id: number) => {
    const ended = exports.get(id);
    exports.delete(id);
    await ended?.pieces.return?.();
  };

  const take: TransferApi['import'] = async (place, { origin, signal, onProgress }) =>
    store().import(await openFile(place, { signal }), { origin, signal, onProgress });

  return {
    async exportPiece(id, { onProgress }) {
      const { pieces, onProgress: report } = exports.get(id) ?? begin(id);
      // The call that waits is the one that hears.
      report.current = onProgress;
      try {
        const { done, value } = await pieces.next();
        if (done) exports.delete(id);
        return done ? undefined : transferring(value, [value.buffer]);
      } catch (error) {
        exports.delete(id);
        throw error;
      }
    },
    exportEnd: end,
    import: take,
    async sync(url, options) {
      try {
        await take(url, { ...options, origin: url });
      } catch (error) {
        const known = (await store().stats()).origins.includes(url);
        if (!known || !InpageError.is(error, 'fetch-failed')) throw error;
      }
    },
  };
}
