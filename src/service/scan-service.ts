// What the worker of a shard offers: a kernel of its own with the codes of some segments.
import { type Service, transferring } from '../runtime/rpc.ts';
import { type CodeBytes, copyCodes, type LocalCodes, openCodes } from '../store/codes.ts';
import type { Candidates, Kernel, PreparedQuery } from '../store/kernels/kernel.ts';
import { prepareKernels } from '../store/kernels/open-kernel.ts';
import { type PackedParts, unpackParts } from '../store/shards/packed-parts.ts';
import { InpageError } from '../util/errors.ts';

/** The methods of `Shard`, and what comes first. */
export interface ScanApi {
  open(dimension: number): Promise<void>;
  put(id: number, rows: number, bytes: CodeBytes): number;
  read(id: number): CodeBytes;
  drop(ids: readonly number[]): void;
  scan(query: PreparedQuery, capacity: number, parts: PackedParts): Candidates;
}

/** Makes the service; the kernel follows with `open`. All else is done at once, so in the order in which it was asked for. */
export function scanService(): Service {
  const held = new Map<number, { rows: number; codes: LocalCodes }>();
  let opened: Kernel | undefined;
  const kernel = () => {
    if (!opened) throw new InpageError('closed', 'The shard is not open. Open it first.');
    return opened;
  };
  const find = (id: number) => {
    const found = held.get(id);
    if (!found) throw new InpageError('not-found', `The shard has no codes ${id}.`);
    return found;
  };
  const api: ScanApi = {
    async open(dimension) {
      opened = (await prepareKernels())(dimension).kernel;
    },
    put(id, rows, bytes) {
      held.set(id, { rows, codes: openCodes(kernel(), bytes) });
      return kernel().memory;
    },
    read(id) {
      const bytes = copyCodes(find(id).codes);
      return transferring(bytes, [bytes.codes.buffer, bytes.factors.buffer]);
    },
    drop(ids) {
      for (const id of ids) {
        held.get(id)?.codes.free();
        held.delete(id);
      }
    },
    scan(query, capacity, parts) {
      const scanned = unpackParts(parts).map((part) => ({ ...part, ...find(part.id) }));
      kernel().begin(query, capacity);
      for (const { codes, rows, offset, first, mask } of scanned)
        kernel().scanCodes(codes.codes, codes.factors, rows, offset, first, mask);
      const found = kernel().finish();
      return transferring(found, [found.positions.buffer, found.scores.buffer]);
    },
  };
  return { ...api };
}
