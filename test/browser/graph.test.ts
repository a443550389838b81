// A graph in the real worker, beside a collection in IndexedDB: there after reopening, and brought up to what has changed.
import { afterAll, expect, test } from 'vitest';
import { createAssistant } from '../../src/client/create-assistant.ts';
import { deleteCollection } from '../../src/store/collections.ts';
import { recordsOf } from '../../src/store/records.ts';

const name = 'graph in the worker';
const open = () => createAssistant({ name, preload: false, device: 'wasm', strategy: 'graph' });
const documents = [
  { id: 'song', title: 'Hello Love (song)', text: 'Hello Love is a song that Hank Snow recorded in 1974.' },
  { id: 'singer', title: 'Hank Snow', text: 'Hank Snow died at his ranch near Madison, among horses.' },
  { id: 'town', title: 'Madison', text: 'Madison lies in the north of Davidson County.' },
  { id: 'garden', title: 'Garden', text: 'Tulips are planted in autumn.' },
];
const question = 'Where did the performer of Hello Love die?';

afterAll(() => deleteCollection(name));

test('is kept with the collection, and follows it', { timeout: 120_000 }, async () => {
  const kept = async () => [...(await recordsOf(name, true).entries('graph-1/')).keys()].sort();
  const first = await open();
  await first.add(documents);
  const { hits } = await first.retrieve(question, { k: 2 });
  expect(hits.map(({ document }) => document).sort()).toEqual(['singer', 'song']);
  expect(await kept()).toEqual(documents.map(({ id }) => `graph-1/${id}`).sort());
  await first.close();

  const second = await open();
  expect((await second.retrieve(question, { k: 2 })).hits).toEqual(hits);
  await second.remove(['singer']);
  await second.add({ id: 'later', title: 'Later', text: 'Hank Snow was born in Brooklyn, Nova Scotia.' });
  const after = await second.retrieve(question, { k: 2 });
  expect(after.hits.map(({ document }) => document).sort()).toEqual(['later', 'song']);
  expect(await kept()).toEqual(['garden', 'later', 'song', 'town'].map((id) => `graph-1/${id}`));
  await second.clear();
  expect(await kept()).toEqual([]);
  await second.close();
});
