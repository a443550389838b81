// Committer: commits batches of documents, and settles each of them.
import type { Manifest, Writes } from '../disk/database.ts';
import { toRecord } from '../disk/database.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { acceptAdditions, type Change, type Committed, createSegments } from './commit.ts';
import type { Waiting } from './commit-queue.ts';

/** What a committer needs of its collection. */
export interface CommitterHost {
  kernel(dimension: number): Kernel;
  /** Commits what `plan` gives, if anything. */
  change(plan: (tables: Writes, manifest: Manifest) => Promise<Change | undefined>): Promise<Committed | undefined>;
}

export class Committer {
  readonly #host: CommitterHost;

  constructor(host: CommitterHost) {
    this.#host = host;
  }

  /** Commits documents in one transaction; those that cannot be are left out of it. Never rejects. */
  async commit(batch: readonly Waiting[]): Promise<void> {
    let waiting = batch;
    while (waiting.length > 0) {
      try {
        waiting = await this.#try(waiting);
      } catch (error) {
        for (const { reject } of waiting) reject(error);
        return;
      }
    }
  }

  /** Commits all of the documents, or tells which cannot be; gives those that are to be put together anew, without these. */
  async #try(waiting: readonly Waiting[]): Promise<readonly Waiting[]> {
    const documents = waiting.map((entry) => entry.document);
    const segments = await createSegments(documents, this.#host.kernel(documents[0]!.space.dimension));
    const refused = new Map<string, unknown>();
    const committed = await this.#host.change(async (tables, manifest) => {
      refused.clear();
      const additions = await acceptAdditions(tables, manifest, documents, refused);
      return refused.size > 0 ? undefined : { additions, segments };
    });
    for (const { document, reject } of waiting) if (refused.has(document.head.id)) reject(refused.get(document.head.id));
    const accepted = waiting.filter(({ document }) => !refused.has(document.head.id));
    if (!committed) return accepted;
    const added = new Map(committed.added.map((document) => [document.id, document]));
    for (const { document, resolve } of accepted) resolve(toRecord(added.get(document.head.id)!));
    return [];
  }
}
