// @orama/orama, full text: an index in memory; what `save()` gives is put into IndexedDB.
import { create, insertMultiple, load, type RawData, save, search } from '@orama/orama';
import { getRecord, openRecords, putRecords } from '../idb.ts';
import type { OpenSystem } from '../system.ts';
import type { TextSystem } from './suite.ts';

const newIndex = () => create({ schema: { text: 'string' } as const });

type Index = ReturnType<typeof newIndex>;

const system: TextSystem = {
  async build(passages) {
    const index = newIndex();
    await insertMultiple(
      index,
      passages.map((text, i) => ({ id: String(i), text })),
      1000,
    );
    const note = 'what save() gives in one record; no stemming, no stop words (its defaults)';
    try {
      await putRecords(await openRecords('orama'), [['index', save(index)]]);
    } catch (error) {
      return { note: `${note}; not stored: ${(error as Error).message}`, inMemory: searcher(index) };
    }
    return { note };
  },

  async open() {
    const index = newIndex();
    load(index, (await getRecord(await openRecords('orama'), 'index')) as RawData);
    return searcher(index);
  },
};

function searcher(index: Index): OpenSystem<string> {
  return {
    async search(term, k) {
      const { hits } = await search(index, { term, limit: k });
      return hits.map(({ id }) => Number(id));
    },
  };
}

export default system;
