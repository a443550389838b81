// inpage itself, through its public surface.
import { openCollection } from '../../../../src/index.ts';
import type { System } from './system.ts';

const name = 'bench';

/** Passages a document: one document is one durable commit. */
const documentRows = 5000;

const system: System = {
  async build(dataset) {
    const { dimension } = dataset;
    const store = await openCollection({ name });
    await store.bind({
      model: 'bench',
      revision: 'main',
      dimension,
      pooling: 'mean',
      normalized: true,
      prefix: { query: '', passage: '' },
    });
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
    const store = await openCollection({ name });
    return {
      async search(query, k) {
        const hits = await store.search({ vector: query, k });
        return hits.map(({ document, id }) => Number(document) + Number(id.slice(document.length + 1)));
      },
    };
  },
};

export default system;
