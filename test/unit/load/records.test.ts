import { expect, test } from 'vitest';
import { loadSource } from '../../../src/load/load-source.ts';
import type { CapturedRecords } from '../../../src/spec/document.ts';
import { fileOf, readDocument, readDocuments } from './read-documents.ts';

const records = (source: CapturedRecords) => readDocuments({ kind: 'records', source });

test('each record is a document', async () => {
  const [first, second] = await records({
    name: 'faq',
    metadata: { lang: 'en' },
    records: [
      {
        id: 7,
        title: 'Reset',
        question: 'How?',
        longAnswer: 'Hold it.',
        stars: 5,
        tags: ['a', 'b'],
        nested: { x: 1 },
        url: 'https://example.com/7',
      },
      { question: 'Why?', stars: null },
    ],
  });
  expect(first).toMatchObject({ id: 'faq/7', title: 'Reset', url: 'https://example.com/7', mediaType: 'application/json' });
  expect(first!.text).toBe('Title: Reset\nQuestion: How?\nLong answer: Hold it.\nUrl: https://example.com/7');
  expect(first!.metadata).toEqual({
    id: 7,
    title: 'Reset',
    question: 'How?',
    longAnswer: 'Hold it.',
    stars: 5,
    tags: ['a', 'b'],
    url: 'https://example.com/7',
    lang: 'en',
  });
  expect(second).toMatchObject({ id: 'faq/1', title: 'faq 1', text: 'Why?' });
});

test('fields can be named', async () => {
  const [document] = await records({
    records: [{ key: 'k', label: 'L', body: 'B', other: 'O', tags: ['x', 'y'] }],
    idField: 'key',
    titleField: 'label',
    textFields: ['body', 'tags', 'missing'],
  });
  expect(document).toMatchObject({ id: 'records/k', title: 'L', text: 'Body: B\nTags: x, y' });
});

test('records without text are left out; none at all is an empty document', async () => {
  expect((await records({ records: [{ n: 1 }, { text: 'a' }, { text: ' ' }] })).map(({ id }) => id)).toEqual(['records/1']);
  await expect(records({ name: 'numbers', records: [{ n: 1 }] })).rejects.toMatchObject({
    code: 'document-empty',
    message: expect.stringMatching(/numbers.*textFields/),
  });
});

test('an array in a .json file is a list of records', async () => {
  const documents = await readDocuments(fileOf('data/faq.json', JSON.stringify([{ id: 'a', text: 'One' }, { text: 'Two' }])));
  expect(documents.map(({ id, text }) => [id, text])).toEqual([
    ['data/faq.json/a', 'One'],
    ['data/faq.json/1', 'Two'],
  ]);
});

test('other JSON is one document of its strings', async () => {
  const json = JSON.stringify({ title: 'Config', steps: [{ say: 'First' }, 'Second'], n: 1, last: 'Third' });
  expect(await readDocument(fileOf('a.json', json))).toMatchObject({
    id: 'a.json',
    title: 'Config',
    text: 'Config\nFirst\nSecond\nThird',
  });
  await expect(readDocument(fileOf('a.json', '[1, 2]'))).rejects.toMatchObject({ code: 'document-empty' });
  await expect(readDocument(fileOf('a.json', '{"a": '))).rejects.toMatchObject({
    code: 'invalid-document',
    message: expect.stringMatching(/a\.json.*JSON/),
  });
});

test('NDJSON is read line by line', async () => {
  const lines = `{"id":1,"text":"One"}\r\n\n{"id":2,"text":"Two"}`;
  expect((await readDocuments(fileOf('a.jsonl', lines))).map(({ id, text }) => [id, text])).toEqual([
    ['a.jsonl/1', 'One'],
    ['a.jsonl/2', 'Two'],
  ]);
  const many = Array.from({ length: 20_000 }, (_, id) => JSON.stringify({ id, text: `Text ${id}` })).join('\n');
  let count = 0;
  for await (const { id } of loadSource(fileOf('a.ndjson', many))) expect(id).toBe(`a.ndjson/${count++}`);
  expect(count).toBe(20_000);
});

test('a bad line is named, the records before it are given', async () => {
  const seen: string[] = [];
  const run = async () => {
    for await (const { id } of loadSource(fileOf('a.jsonl', '{"text":"One"}\nnot json\n{"text":"Two"}'))) seen.push(id);
  };
  await expect(run()).rejects.toMatchObject({
    code: 'invalid-document',
    message: expect.stringMatching(/Line 2 of a\.jsonl/),
    detail: { line: 2 },
  });
  expect(seen).toEqual(['a.jsonl/0']);
});
