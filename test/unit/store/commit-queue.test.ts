// The commit queue: what comes while a commit runs shares the next one, within bounds and in order.
import { expect, test } from 'vitest';
import { CommitQueue, type Waiting } from '../../../src/store/write/commit-queue.ts';
import type { PendingDocument } from '../../../src/store/write/writer.ts';
import { createSpace } from '../../contract/test-store.ts';

/** A document of a number of rows and of text. */
function document(id: string, { rows = 1, units = 10, dimension = 8 } = {}): PendingDocument {
  return {
    head: { id, title: '', mediaType: '', metadata: {}, hash: '' },
    space: createSpace(dimension),
    length: units,
    chunks: rows,
    blocks: ['x'.repeat(units)],
    firstBlock: 0,
    parts: [{ scales: new Uint8Array(rows) } as never],
  };
}

/** A queue whose commits end when they are told to. */
function createQueue() {
  const batches: (readonly Waiting[])[] = [];
  let release: () => void = () => {};
  const queue = new CommitQueue(async (batch) => {
    batches.push(batch);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    for (const { document, resolve } of batch) resolve({ ...document.head, length: 0, chunks: 0, addedAt: 0 });
  });
  return {
    add: (pending: PendingDocument) => queue.add(pending),
    ids: () => batches.map((batch) => batch.map(({ document }) => document.head.id)),
    async end() {
      release();
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

const soon = () => new Promise((resolve) => setTimeout(resolve));

test('what comes in one moment goes together, what comes meanwhile next', async () => {
  const { add, ids, end } = createQueue();
  const first = ['a', 'b'].map((id) => add(document(id)));
  await soon();
  const second = ['c', 'd', 'e'].map((id) => add(document(id)));
  await soon();
  expect(ids()).toEqual([['a', 'b']]);
  await end();
  expect((await Promise.all(first)).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(ids()).toEqual([
    ['a', 'b'],
    ['c', 'd', 'e'],
  ]);
  await end();
  expect((await Promise.all(second)).map(({ id }) => id)).toEqual(['c', 'd', 'e']);
  // And again after it was idle.
  const third = add(document('f'));
  await soon();
  await end();
  expect((await third).id).toBe('f');
});

test.each([
  ['versions of one document', [{ id: 'a' }, { id: 'b' }, { id: 'a' }, { id: 'b' }, { id: 'c' }], ['ab', 'abc']],
  ['vectors of two models', [{ id: 'a' }, { id: 'b', dimension: 4 }, { id: 'c', dimension: 4 }, { id: 'd' }], ['a', 'bc', 'd']],
  [
    'many passages',
    [
      { id: 'a', rows: 9000 },
      { id: 'b', rows: 7000 },
      { id: 'c', rows: 500 },
    ],
    ['ab', 'c'],
  ],
  ['much text', [{ id: 'a', units: 5e6 }, { id: 'b', units: 4e6 }, { id: 'c' }], ['a', 'bc']],
  ['more than fits alone', [{ id: 'a', rows: 20_000 }, { id: 'b' }], ['a', 'b']],
])('%s are apart', async (_, documents, wanted) => {
  const { add, ids, end } = createQueue();
  const all = documents.map(({ id, ...size }) => add(document(id, size)));
  await soon();
  for (const _batch of wanted) await end();
  await Promise.all(all);
  expect(ids().map((batch) => batch.join(''))).toEqual(wanted);
});

test('not more than 256 at once', async () => {
  const { add, ids, end } = createQueue();
  const all = Array.from({ length: 600 }, (_, index) => add(document(`${index}`)));
  await soon();
  for (let batch = 0; batch < 3; batch++) await end();
  await Promise.all(all);
  expect(ids().map((batch) => batch.length)).toEqual([256, 256, 88]);
});
