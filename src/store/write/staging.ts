// Staging: large documents go to disk before their commit; a Web Lock tells their writer's life from a crash.
import { InpageError } from '../../util/errors.ts';
import type { Database, Staged, Writes } from '../disk/database.ts';
import { countBlocks } from '../disk/text-blocks.ts';
import { deleteSegment } from './new-segment.ts';

// Without locks a writer is taken for dead only after so long a silence.
const silence = 24 * 60 * 60 * 1000;

/** A name that others can check for life; lives until `end`, or until the page or worker is gone. */
export interface Session {
  readonly id: string;
  /** Resolves when the session can be seen to live; to be awaited before anything is staged under its name. */
  begin(): Promise<void>;
  end(): void;
}

/** Makes a session; it costs nothing until `begin`. */
export function createSession(persistent: boolean): Session {
  const id = `inpage:writer:${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
  let end = () => {};
  let begun: Promise<void> | undefined;
  return {
    id,
    begin() {
      const locks = persistent ? lockManager() : undefined;
      begun ??= locks
        ? new Promise((resolve, reject) => {
            const held = new Promise<void>((release) => {
              end = release;
            });
            locks
              .request(id, () => {
                resolve();
                return held;
              })
              .catch(reject);
          })
        : Promise.resolve();
      return begun;
    },
    end: () => end(),
  };
}

/** Removes what writers that are gone have left behind. */
export async function removeLeftovers(database: Database, now: () => number): Promise<void> {
  // Memory does not outlive its writers.
  if (!database.persistent) return;
  const staged = await database.read((tables) => tables.values('staging'));
  for (const session of new Set(staged.map((leftover) => leftover.session))) {
    await ifDead(session, () =>
      database.write('relaxed', async (tables) => {
        for (const leftover of await tables.values('staging')) {
          const dead = leftover.session === session && (lockManager() || now() - leftover.at > silence);
          if (dead) deleteStaged(tables, leftover);
        }
      }),
    );
  }
}

/** Deletes what was staged and not committed. */
export function deleteStaged(tables: Writes, staged: Staged): void {
  for (const entry of staged.segments) deleteSegment(tables, entry, staged.dimension);
  for (const [ordinal, block] of staged.texts ?? []) tables.delete('text', [ordinal, block]);
  deleteBlocks(tables, staged.ordinal, staged.blocks);
  tables.delete('staging', staged.ordinal);
}

/** Deletes a committed document's text. */
export function deleteText(tables: Writes, ordinal: number, length: number): void {
  deleteBlocks(tables, ordinal, countBlocks(length));
}

/** The error of a writer whose staged data another has removed. */
export function stagedDataGone(id: string): InpageError {
  return new InpageError('storage-failed', `The collection was deleted while the document "${id}" was written. Add it again.`, {
    detail: { document: id },
  });
}

function deleteBlocks(tables: Writes, ordinal: number, count: number): void {
  for (let block = 0; block < count; block++) tables.delete('text', [ordinal, block]);
}

async function ifDead(session: string, work: () => Promise<void>): Promise<void> {
  const locks = lockManager();
  if (!locks) return work();
  await locks.request(session, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
}

/** There are no locks on plain http. */
function lockManager(): LockManager | undefined {
  return globalThis.navigator?.locks;
}
