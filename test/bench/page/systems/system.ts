// What the benchmark asks of each system.
import type { Dataset } from '../dataset.ts';

/** A system that answers queries. Ids are the numbers of the rows, from 0. */
export interface OpenSystem {
  /** The `k` nearest rows, nearest first. @param query unit vector */
  search(query: Float32Array, k: number): readonly number[] | Promise<readonly number[]>;
}

/** What building gives. */
export interface Built {
  /** Settings, and what is worth knowing about this system's figures. */
  note: string;
  /** Answers from memory, for systems whose storage fails: asked where nothing can be opened. */
  inMemory?: OpenSystem;
}

/** One system, in its own origin, so that it may name its databases as it likes. */
export interface System {
  /** Stores all rows. Resolves when they are durable, as far as the system can tell. */
  build(dataset: Dataset): Promise<Built>;
  /** Opens what another page has built. */
  open(): Promise<OpenSystem>;
}
