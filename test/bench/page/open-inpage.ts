// The one place where the benchmark gets its index from: another way of opening it changes nothing else.
import { openCollection, type Store } from '../../../src/index.ts';

/** Opens a collection of this origin. @param memory bytes for vectors and texts, besides the codes */
export function openInpage(name: string, memory?: number): Promise<Store> {
  return openCollection({ name, memory });
}

/** Binds a new collection to vectors of a dimension. */
export function bindTo(store: Store, dimension: number): Promise<void> {
  return store.bind({
    model: 'bench',
    revision: 'main',
    dimension,
    pooling: 'mean',
    normalized: true,
    prefix: { query: '', passage: '' },
  });
}
