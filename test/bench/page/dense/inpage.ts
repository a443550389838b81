// inpage itself: as it is by default, and with little memory.
import { bindTo, openInpage } from '../open-inpage.ts';
import type { VectorSystem } from './suite.ts';

const name = 'dense';

/** Passages a document: one document is one durable commit. */
const documentRows = 5000;

/** @param memory bytes for vectors and texts, besides the codes; undefined: the default */
const system = (memory?: number): VectorSystem => ({
  async build(dataset) {
    const store = await openInpage(name);
    await bindTo(store, dataset.dimension);
    for (const { first, rows, data } of dataset.batches(documentRows)) {
      const id = String(first);
      const writer = await store.write({ id, title: '', mediaType: 'text/plain', metadata: {}, hash: id });
      await writer.chunks(Array(rows).fill({ start: 0, end: 0 }), data);
      await writer.commit();
    }
    await store.close();
    return { note: 'vectors only, no text' };
  },

  async open() {
    const store = await openInpage(name, memory);
    return {
      async search(vector, k) {
        const hits = await store.search({ vector, k });
        return hits.map(({ document, id }) => Number(document) + Number(id.slice(document.length + 1)));
      },
    };
  },
});

export const whole = { default: system() };

/** Keeps 16 MiB of vectors in memory, whatever there are. */
export const small = { default: system(2 ** 24) };
