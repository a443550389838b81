// Collections as files, as a page sees them: a stream that the worker fills, and a file that the worker reads.
import type { RemoteOptions } from '../runtime/rpc.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { ImportOptions, ImportSource, StoreProgress } from '../spec/store.ts';
import type { TransferApi } from '../spec/worker-api.ts';
import { InpageError } from '../util/errors.ts';

/** Calls a method of the worker; the arguments come without the options object. */
export type TransferCall = <M extends keyof TransferApi>(
  method: M,
  args: readonly unknown[],
  options: object,
  remote: RemoteOptions,
) => Promise<Awaited<ReturnType<TransferApi[M]>>>;

let exports = 0;

/** The collection as a file; begins when it is first read. */
export function exportStream(call: TransferCall, options: ProgressOptions<StoreProgress> = {}): ReadableStream<Uint8Array> {
  const id = exports++;
  const end = () => call('exportEnd', [id], {}, {}).catch(() => {});
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = await call('exportPiece', [id], {}, options);
          if (piece) controller.enqueue(piece);
          else controller.close();
        } catch (error) {
          end();
          throw error;
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}

/** Imports a file. */
export async function importFile(
  call: TransferCall,
  source: ImportSource,
  { origin, ...remote }: ImportOptions = {},
): Promise<{ documents: number; chunks: number }> {
  const send = (place: unknown, transfer?: Transferable[]) => call('import', [place], { origin }, { ...remote, transfer });
  if (typeof source === 'string' || source instanceof URL) return send(absolute(source));
  if (source instanceof Blob) return send(source);
  if (!(source instanceof ReadableStream)) {
    throw new InpageError('invalid-argument', 'import() needs a URL, a Blob or File, or a ReadableStream of bytes.');
  }
  return send(source, [source]).catch(async (error) => {
    // Not every browser can hand a stream to a worker.
    if (error?.name !== 'DataCloneError') throw error;
    return send(await new Response(source).blob());
  });
}

/** A URL that means the same in a worker. @throws InpageError `invalid-argument` */
export function absolute(url: string | URL): string {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  if (URL.canParse(url, base)) return new URL(url, base).href;
  throw new InpageError('invalid-argument', `"${url}" is not a URL. Name it relative to the page, or in full.`);
}
