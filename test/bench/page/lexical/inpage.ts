// inpage's lexical index, through its public surface.
import { bindTo, openInpage } from '../open-inpage.ts';
import type { TextSystem } from './suite.ts';

const name = 'lexical';

/** Passages a document: one document is one durable commit. */
const documentPassages = 2000;

/** The store wants a vector with each passage; the shortest will do. */
const dimension = 1;

const system: TextSystem = {
  async build(passages) {
    const store = await openInpage(name);
    await bindTo(store, dimension);
    for (let first = 0; first < passages.length; first += documentPassages) {
      const id = String(first);
      const writer = await store.write({ id, title: '', mediaType: 'text/plain', metadata: {}, hash: id });
      const texts = passages.slice(first, first + documentPassages);
      let end = 0;
      const spans = texts.map((text) => {
        const start = end;
        end += text.length + 1;
        return { start, end: end - 1 };
      });
      await writer.text(`${texts.join('\n')}\n`);
      await writer.chunks(spans, new Float32Array(texts.length * dimension).fill(1));
      await writer.commit();
    }
    await store.close();
    return { note: 'BM25 over stems, with the texts themselves' };
  },

  async open() {
    const store = await openInpage(name);
    return {
      async search(text, k) {
        const hits = await store.search({ text, mode: 'lexical', k });
        return hits.map(({ document, id }) => Number(document) + Number(id.slice(document.length + 1)));
      },
    };
  },
};

export default system;
