// The one place where the benchmark gets its index from: another way of opening it changes nothing else.
import { openStore, type RemoteStore } from '../../../src/index.ts';

/** What is measured. */
export type Inpage = RemoteStore;

/** @property dimension of a new collection's vectors @property memory bytes for vectors and texts, besides the codes */
export interface InpageOptions {
  dimension?: number;
  memory?: number;
}

/** Opens a collection of this origin, in its worker. */
export function openInpage(name: string, { dimension, memory }: InpageOptions = {}): Promise<Inpage> {
  return openStore({ name, space: dimension === undefined ? undefined : { model: 'bench', dimension }, memory });
}
