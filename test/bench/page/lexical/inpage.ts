// inpage's lexical index, through its public surface.
import type { VectorDocument } from '../../../../src/index.ts';
import { openInpage } from '../open-inpage.ts';
import type { TextSystem } from './suite.ts';

const name = 'lexical';

/** Passages a document. */
const documentPassages = 200;

/** The store wants a vector with each passage; the shortest will do. */
const dimension = 1;

const system: TextSystem = {
  async build(passages) {
    const store = await openInpage(name, { dimension });
    await store.add(documents(passages));
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

function* documents(passages: readonly string[]): Iterable<VectorDocument> {
  for (let first = 0; first < passages.length; first += documentPassages) {
    const texts = passages.slice(first, first + documentPassages);
    let next = 0;
    const spans = texts.map(({ length }) => {
      const start = next;
      next += length + 1;
      return { start, end: start + length };
    });
    yield {
      id: String(first),
      text: texts.join('\n'),
      passages: spans,
      vectors: new Float32Array(texts.length * dimension).fill(1),
    };
  }
}

export default system;
