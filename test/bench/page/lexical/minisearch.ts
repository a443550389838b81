// minisearch: an index in memory, stored as the JSON that it makes of itself.
import MiniSearch, { type Options } from 'minisearch';
import { getRecord, openRecords, putRecords } from '../idb.ts';
import type { TextSystem } from './suite.ts';

const options: Options = { fields: ['text'] };

const system: TextSystem = {
  async build(passages) {
    const index = new MiniSearch(options);
    index.addAll(passages.map((text, id) => ({ id, text })));
    await putRecords(await openRecords('minisearch'), [['index', JSON.stringify(index)]]);
    return { note: 'its JSON in one record; no stemming, no stop words (its defaults)' };
  },

  async open() {
    const json = (await getRecord(await openRecords('minisearch'), 'index')) as string;
    const index = MiniSearch.loadJSON(json, options);
    return {
      search: (query, k) =>
        index
          .search(query)
          .slice(0, k)
          .map(({ id }) => id as number),
    };
  },
};

export default system;
