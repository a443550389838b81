// inpage itself, as it is by default.
import type { VectorDocument } from '../../../../src/index.ts';
import { openInpage } from '../open-inpage.ts';
import type { Dataset } from './dataset.ts';
import type { VectorSystem } from './suite.ts';

const name = 'dense';

/** Passages a document. */
const documentRows = 1024;

/** @param memory bytes for vectors and texts, besides the codes; undefined: the default */
export const inpageSystem = (memory?: number): VectorSystem => ({
  async build(dataset) {
    const store = await openInpage(name, { dimension: dataset.dimension, memory });
    await store.add(documents(dataset));
    await store.close();
    return { note: `vectors only, no text; ${documentRows} passages a document` };
  },

  async open() {
    const store = await openInpage(name, { memory });
    return {
      async search(vector, k) {
        const hits = await store.search({ vector, k });
        return hits.map(({ document, id }) => Number(document) + Number(id.slice(document.length + 1)));
      },
    };
  },
});

function* documents(dataset: Dataset): Iterable<VectorDocument> {
  for (const { first, rows, data } of dataset.batches(documentRows)) {
    yield { id: String(first), passages: Array(rows).fill({ start: 0, end: 0 }), vectors: data.slice() };
  }
}

export default inpageSystem();
