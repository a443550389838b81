// Room in the browser storage: whether a download fits, and the request that the browser keeps it.
import { InpageError } from '../../util/errors.ts';

/**
 * The error where a download does not fit.
 * @param available bytes that are free as far as is known. A browser may name more than it then gives: that says nothing
 */
export function noRoom(what: string, needed: number, available = Number.POSITIVE_INFINITY, cause?: unknown): InpageError {
  const told = available < needed;
  return new InpageError(
    'quota-exceeded',
    `There is no room in the browser storage for ${what}: it needs ${needed} bytes${told ? `, and ${available} are free` : ''}. ` +
      'Free some space (`deleteModel`) or use a smaller model.',
    { cause, detail: { needed, ...(told && { available }) } },
  );
}

/** Bytes that the page may still store, where the browser tells. Chrome tells of 10 GiB, whatever there is, since version 133. */
export async function freeBytes(): Promise<number | undefined> {
  const { quota, usage } = (await globalThis.navigator?.storage?.estimate?.().catch(() => undefined)) ?? {};
  return quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage);
}

/** @throws InpageError `quota-exceeded` if the browser says that so many bytes do not fit */
export async function ensureRoom(what: string, needed: number): Promise<void> {
  const available = await freeBytes();
  if (available !== undefined && needed > available) throw noRoom(what, needed, available);
}

let asked = false;

/** Asks the browser once, on a page, to keep the storage when the disk is full (`StorageManager.persist`). Waits for nothing. */
export function keepStorage(): void {
  if (asked) return;
  asked = true;
  globalThis.navigator?.storage?.persist?.().catch(() => {});
}
