// Export and import without a browser: what comes out of a copy is what is in the original, and nothing of a bad file stays.
import { afterEach, describe, expect, test } from 'vitest';
import type { DocumentHead, Store, StoreQuery } from '../../../../src/spec/store.ts';
import { deleteCollection } from '../../../../src/store/collections.ts';
import { openMemoryDatabase } from '../../../../src/store/disk/memory-database.ts';
import { openCollection } from '../../../../src/store/open-collection.ts';
import { createRandom } from '../../../../src/util/random.ts';
import { createDocument, createSpace, createVector, put } from '../../../contract/test-store.ts';

const dimension = 16;
const words = 'apple river stone cloud engine paper silver garden window ladder copper bridge'.split(' ');
let count = 0;
const opened: { store: Store; name: string }[] = [];

afterEach(async () => {
  for (const { store, name } of opened.splice(0)) {
    await store.close();
    await deleteCollection(name);
  }
});

async function open(bound = true): Promise<Store> {
  const name = `transfer ${count++}`;
  const store = await openCollection({ name });
  opened.push({ store, name });
  if (bound) await store.bind(createSpace(dimension));
  return store;
}

/** A document of random words. */
function document(id: string, random: () => number, { length = 300, ...head }: Partial<DocumentHead> & { length?: number } = {}) {
  let text = '';
  while (text.length < length) text += `${words[Math.floor(random() * words.length)]} `;
  return createDocument(id, { random, text, dimension, spanLength: 60, hash: `hash ${id} ${text.length}`, ...head });
}

async function fill(store: Store, seed: number, prefix = 'd'): Promise<void> {
  const random = createRandom(seed);
  for (let group = 0; group < 6; group++) {
    const documents = Array.from({ length: 7 }, (_, index) =>
      document(`${prefix}${group}-${index}`, random, {
        length: 50 + random() * 900,
        metadata: { group, tags: ['x', `t${index}`], weight: index === 3 ? Number.POSITIVE_INFINITY : random(), none: null },
        ...(index % 2 === 0 && { url: `https://example.org/${group}` }),
        ...(index === 1 && { sections: [{ level: 1, title: `Part ${group} “é” \ud800`, start: 0, end: 30 }] }),
      }),
    );
    await Promise.all(documents.map((each) => put(store, each)));
  }
}

async function collect(file: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file) pieces.push(piece);
  return pieces;
}

async function* pieces(bytes: Uint8Array, size = 1 << 16): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const join = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const exported = async (store: Store) => join(await collect(store.export()));

/** Everything that a store tells of itself. */
async function state(store: Store) {
  const { memory: _memory, kernel: _kernel, epoch: _epoch, ...stats } = await store.stats();
  return { stats, list: await store.list(), hits: await ask(store) };
}

/** Where each frame begins, and the end: see `format.ts`. */
function frameStarts(file: Uint8Array): number[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const starts = [8];
  for (let at = 8; at < file.length; starts.push(at)) at += 16 + Math.ceil(view.getUint32(at + 4, true) / 4) * 4;
  return starts;
}

/** Numbers of what is staged, and keys of texts and segments that nothing names. */
async function leftovers(name: string) {
  return openMemoryDatabase(name).read(async (tables) => {
    const [manifest, documents, texts, heads, staged] = await Promise.all([
      tables.get('manifest', 'manifest'),
      tables.keys('documents'),
      tables.keys('text'),
      tables.keys('segments'),
      tables.keys('staging'),
    ]);
    return {
      texts: texts.filter(([ordinal]) => !documents.includes(ordinal)),
      segments: heads.filter((id) => !manifest!.segments.some((entry) => entry.id === id)),
      staged,
    };
  });
}
const nothing = { texts: [], segments: [], staged: [] };

/** Hits of many queries, as they are. */
async function ask(store: Store) {
  const random = createRandom(99);
  const queries: StoreQuery[] = [];
  for (let index = 0; index < 12; index++) {
    const vector = createVector(random, dimension);
    const text = `${words[index]} ${words[(index * 5 + 3) % words.length]}`;
    queries.push(
      { vector, k: 20 },
      { text, k: 20 },
      { vector, text, k: 20 },
      { vector, exact: true, filter: { group: { $lte: 2 } } },
    );
    queries.push(
      { text: `"${words[index]} ${words[index + 1] ?? words[0]}"`, k: 10 },
      { vector, filter: { weight: { $gt: 2 } } },
    );
  }
  return store.search(queries);
}

describe('a copy', () => {
  test('finds the same, bit for bit, in the same order of documents', async () => {
    const store = await open();
    await fill(store, 1);
    const copy = await open(false);
    const file = await exported(store);
    expect(await copy.import(pieces(file, 1000))).toEqual({ documents: 42, chunks: (await store.stats()).chunks });
    expect(await ask(copy)).toEqual(await ask(store));
    expect(await copy.list()).toEqual(await store.list());
    for (const { id } of await store.list()) expect(await copy.text(id)).toBe(await store.text(id));
    const [from, to] = [await store.stats(), await copy.stats()];
    expect(to).toMatchObject({ documents: 42, chunks: from.chunks, segments: from.segments, space: from.space });
    expect(await exported(copy)).toEqual(file);
  });

  test('has no deleted rows, and finds what a compacted original finds', async () => {
    const store = await open();
    await fill(store, 2);
    const gone = (await store.list()).flatMap(({ id }, index) => (index % 3 === 1 ? [id] : []));
    await store.remove(gone);
    expect((await store.stats()).deleted).toBeGreaterThan(0);
    const copy = await open(false);
    await copy.import(pieces(await exported(store)));
    expect(await copy.stats()).toMatchObject({ documents: 28, deleted: 0, chunks: (await store.stats()).chunks });
    expect(await ask(copy)).toEqual(await ask(store));
    await store.compact();
    expect(await ask(copy)).toEqual(await ask(store));
  });

  test('of many segments and texts of many blocks', async () => {
    const random = createRandom(3);
    const store = await open();
    await put(store, document('large', random, { length: 400_000 }));
    await put(store, document('empty', random, { length: 0 }));
    await put(store, document('odd', random, { length: 32_000 }));
    const parts = await collect(store.export());
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(1 << 20);
    const copy = await open(false);
    await copy.import(pieces(join(parts), 100_001));
    expect((await copy.stats()).segments).toBeGreaterThan(1);
    expect(await ask(copy)).toEqual(await ask(store));
    expect(await copy.text('large', 199_990, 200_010)).toBe(await store.text('large', 199_990, 200_010));
  });
});

describe('an import into a collection with documents', () => {
  test('adds some, replaces others, and keeps the rest', async () => {
    const [from, to] = [await open(), await open()];
    await fill(from, 4);
    await fill(to, 5, 'e');
    const random = createRandom(6);
    await put(to, document('d0-1', random, { title: 'old' }));
    await put(to, document('d3-3', random, { title: 'old' }));
    const before = await to.list();
    const file = await exported(from);
    expect(await to.import(pieces(file))).toMatchObject({ documents: 42 });
    const list = await to.list();
    expect(list.map(({ id }) => id)).toEqual([...before.slice(0, 42), ...(await from.list())].map(({ id }) => id));
    expect(list.some(({ title }) => title === 'old')).toBe(false);
    expect(await to.hash('d0-1')).toBe(await from.hash('d0-1'));
    // What a store finds that was given all of it at once.
    await to.remove(before.slice(0, 42).map(({ id }) => id));
    await to.compact();
    expect(await ask(to)).toEqual(await ask(from));
    await to.import(pieces(file));
    await to.import(pieces(file));
    expect(await to.stats()).toMatchObject({ documents: 42, chunks: (await from.stats()).chunks });
    await to.compact();
    expect(await leftovers((await to.stats()).name)).toEqual(nothing);
  });

  test('of another embedding space is refused', async () => {
    const from = await open();
    await fill(from, 7);
    const other = await open(false);
    await other.bind(createSpace(dimension, 'another/model'));
    await expect(other.import(pieces(await exported(from)))).rejects.toMatchObject({
      code: 'embedding-mismatch',
      message: expect.stringContaining('another/model'),
    });
    expect(await other.list()).toEqual([]);
  });

  test('that others write to meanwhile loses nothing', async () => {
    const from = await open();
    await fill(from, 8);
    const to = await open();
    const random = createRandom(9);
    async function* slowly() {
      for await (const [index, piece] of counted(pieces(await exported(from), 2000))) {
        if (index < 10) await put(to, document(`own${index}`, random));
        if (index === 5) await to.remove(['own1', 'own2']);
        yield piece;
      }
    }
    await to.import(slowly());
    expect((await to.list()).length).toBe(42 + 8);
    for (const { id } of await from.list()) expect(await to.text(id)).toBe(await from.text(id));
  });
});

async function* counted<T>(items: AsyncIterable<T>): AsyncGenerator<[number, T]> {
  let index = 0;
  for await (const item of items) yield [index++, item];
}

describe('a bad file', () => {
  test('is refused wherever it ends, and leaves nothing behind', async () => {
    const from = await open();
    await fill(from, 10);
    const file = await exported(from);
    const to = await open();
    await fill(to, 11, 'e');
    const before = await state(to);
    const starts = frameStarts(file);
    expect(starts.at(-1)).toBe(file.length);
    for (const at of [0, 1, 7, 8, ...starts.slice(0, -1).flatMap((start) => [start, start + 15, start + 20])]) {
      const error = expect.objectContaining({ code: at > 0 && at < 8 ? 'invalid-document' : 'data-corrupt' });
      await expect(to.import(pieces(file.subarray(0, at))), `cut at ${at}`).rejects.toEqual(error);
    }
    await expect(to.import(pieces(join([file, Uint8Array.of(0)])))).rejects.toMatchObject({ code: 'data-corrupt' });
    expect(await state(to)).toEqual(before);
    expect(await leftovers(before.stats.name)).toEqual(nothing);
  });

  test('is refused for every kind of change', async () => {
    const from = await open();
    await fill(from, 12);
    await put(from, document('long', createRandom(13), { length: 70_000 }));
    const file = await exported(from);
    const to = await open();
    await fill(to, 14, 'e');
    const before = await state(to);
    const starts = frameStarts(file);
    const random = createRandom(15);
    // Every byte before a payload, and many others.
    const places = starts.slice(0, -1).flatMap((start) => Array.from({ length: 17 }, (_, index) => start + index));
    for (let index = 0; index < 40; index++) places.push(8 + Math.floor(random() * (file.length - 8)));
    for (const at of places) {
      const changed = file.slice();
      changed[at]! ^= 1 << Math.floor(random() * 8);
      await expect(to.import(pieces(changed)), `byte ${at}`).rejects.toMatchObject({ code: 'data-corrupt' });
    }
    const frames = starts.slice(0, -1).map((start, index) => file.subarray(start, starts[index + 1]!));
    const begin = file.subarray(0, 8);
    for (let index = 0; index < frames.length - 1; index++) {
      const without = frames.toSpliced(index, 1);
      await expect(to.import(pieces(join([begin, ...without])))).rejects.toMatchObject({ code: 'data-corrupt' });
      const twice = frames.toSpliced(index, 0, frames[index]!);
      await expect(to.import(pieces(join([begin, ...twice])))).rejects.toMatchObject({ code: 'data-corrupt' });
      const swapped = frames.toSpliced(index, 2, frames[index + 1]!, frames[index]!);
      await expect(to.import(pieces(join([begin, ...swapped])))).rejects.toMatchObject({ code: 'data-corrupt' });
    }
    expect(await state(to)).toEqual(before);
    expect(await leftovers(before.stats.name)).toEqual(nothing);
  }, 60_000);

  test('of another kind or version is named', async () => {
    const to = await open();
    const text = new TextEncoder().encode('<!doctype html><title>Not found</title>');
    await expect(to.import(pieces(text))).rejects.toMatchObject({ code: 'invalid-document' });
    await expect(to.import(pieces(new Uint8Array()))).rejects.toMatchObject({ code: 'data-corrupt' });
    const newer = Uint8Array.of(0x49, 0x4e, 0x50, 0x58, 9, 0, 0, 0);
    await expect(to.import(pieces(newer))).rejects.toMatchObject({ code: 'format-unsupported', detail: { found: 9 } });
    await expect(to.import(['x'] as never)).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(to.import('x' as never)).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(
      to.import(
        (async function* () {
          yield 'text' as never;
        })(),
      ),
    ).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('ending early', () => {
  test('an import that is aborted or whose source fails leaves nothing, at any moment', async () => {
    const from = await open();
    await fill(from, 16);
    const file = await exported(from);
    const to = await open();
    await fill(to, 17, 'e');
    const before = await state(to);
    const total = Math.ceil(file.length / 4000);
    for (let stop = 0; stop <= total; stop += 5) {
      const controller = new AbortController();
      let ended = false;
      async function* source() {
        try {
          for await (const [index, piece] of counted(pieces(file, 4000))) {
            if (index === stop) controller.abort();
            yield piece;
          }
        } finally {
          ended = true;
        }
      }
      const importing = to.import(source(), { signal: controller.signal });
      if (stop < total) await expect(importing).rejects.toMatchObject({ name: 'AbortError' });
      else await importing;
      expect(ended).toBe(true);
      if (stop < total) expect(await leftovers(before.stats.name)).toEqual(nothing);
    }
    await expect(to.import(pieces(file), { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    async function* failing() {
      yield file.subarray(0, 5000);
      throw new TypeError('network error');
    }
    await expect(to.import(failing())).rejects.toMatchObject({
      code: 'fetch-failed',
      message: expect.stringContaining('network error'),
    });
  });

  test('an abort while the last transaction waits leaves the collection as it was', async () => {
    const from = await open();
    await fill(from, 18);
    const to = await open();
    const file = await exported(from);
    const controller = new AbortController();
    const importing = to.import(pieces(file), {
      signal: controller.signal,
      onProgress: ({ done, total }) => {
        if (done > total * 0.9) controller.abort();
      },
    });
    await expect(importing).rejects.toMatchObject({ name: 'AbortError' });
    expect(await to.list()).toEqual([]);
    expect(await leftovers((await to.stats()).name)).toEqual(nothing);
  });

  test('closing the store ends both', async () => {
    const from = await open();
    await fill(from, 19);
    const file = await exported(from);
    const to = await open();
    async function* endless() {
      yield* pieces(file.subarray(0, 9000));
      await new Promise(() => {});
    }
    const importing = to.import(endless());
    const exporting = from.export()[Symbol.asyncIterator]();
    await exporting.next();
    const failure = expect(importing).rejects.toMatchObject({ code: 'closed' });
    await Promise.all([to.close(), from.close()]);
    await failure;
    await expect(exporting.next()).rejects.toMatchObject({ code: 'closed' });
    expect(() => from.export()).toThrow(expect.objectContaining({ code: 'closed' }));
  });
});

describe('an export', () => {
  test('is of the state in which it began, whatever is added', async () => {
    const store = await open();
    await fill(store, 20);
    const alone = await exported(store);
    const random = createRandom(21);
    const parts: Uint8Array[] = [];
    for await (const piece of store.export()) {
      parts.push(piece);
      await put(store, document(`more ${parts.length}`, random));
    }
    expect(join(parts)).toEqual(alone);
  });

  test('fails where a document goes before it is read, and compaction waits for its end', async () => {
    const store = await open();
    await fill(store, 22);
    const exporting = store.export()[Symbol.asyncIterator]();
    await exporting.next();
    await store.remove(['d2-2']);
    let compacted = false;
    const compacting = store.compact().then(() => {
      compacted = true;
    });
    const rest = async () => {
      while (!(await exporting.next()).done) expect(compacted).toBe(false);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'not-found' });
    await compacting;
    expect((await exported(store)).length).toBeGreaterThan(0);
  });

  test('reports how far it is, stops on abort, and needs something to export', async () => {
    const store = await open();
    await fill(store, 23);
    const seen: { done: number; total: number }[] = [];
    const file = join(await collect(store.export({ onProgress: (progress) => seen.push(progress) })));
    expect(seen.every(({ done, total }, index) => done >= (seen[index - 1]?.done ?? 0) && done <= total)).toBe(true);
    expect(seen.at(-1)!.done).toBe(seen.at(-1)!.total);
    const copy = await open();
    seen.length = 0;
    await copy.import(pieces(file), { onProgress: (progress) => seen.push(progress) });
    expect(seen.every(({ done, total }, index) => done >= (seen[index - 1]?.done ?? 0) && done <= total)).toBe(true);
    expect(seen.at(-1)!.done).toBe(seen.at(-1)!.total);
    const controller = new AbortController();
    const stopping = collect(store.export({ signal: controller.signal, onProgress: () => controller.abort() }));
    await expect(stopping).rejects.toMatchObject({ name: 'AbortError' });
    await store.compact();
    await expect(collect((await open(false)).export())).rejects.toMatchObject({ code: 'invalid-argument' });
    const empty = await open();
    const taker = await open(false);
    expect(await taker.import(pieces(await exported(empty)))).toEqual({ documents: 0, chunks: 0 });
    expect((await taker.stats()).space).toEqual(createSpace(dimension));
  });
});

describe('files from a named place', () => {
  const origin = 'https://example.org/docs.inpage';

  test('the same one changes nothing; another one replaces what came from there and nothing else', async () => {
    const from = await open();
    await fill(from, 24);
    const to = await open(false);
    const file = await exported(from);
    await to.import(pieces(file), { origin });
    expect(await to.stats()).toMatchObject({ documents: 42, origins: [origin] });
    const random = createRandom(25);
    await to.bind(createSpace(dimension));
    await put(to, document('own', random));
    await put(to, document('d1-1', random, { title: 'changed by the reader' }));
    const { epoch } = await to.stats();
    let read = 0;
    async function* counting() {
      for await (const piece of pieces(file, 1000)) {
        read += piece.length;
        yield piece;
      }
    }
    expect(await to.import(counting(), { origin })).toEqual({ documents: 42, chunks: (await from.stats()).chunks });
    expect((await to.stats()).epoch).toBe(epoch);
    // Only its beginning was read.
    expect(read).toBeLessThan(file.length / 4);

    await from.remove(['d0-0', 'd0-1']);
    await put(from, document('d9-9', random));
    await to.import(pieces(await exported(from)), { origin });
    const wanted = new Set([...(await from.list()), { id: 'own' }].map(({ id }) => id));
    expect(new Set((await to.list()).map(({ id }) => id))).toEqual(wanted);
    expect((await to.list()).find(({ id }) => id === 'd1-1')!.title).toBe('Title d1-1');
    await to.import(pieces(file), { origin: 'elsewhere' });
    expect(await to.stats()).toMatchObject({ documents: 42 + 2, origins: [origin, 'elsewhere'] });
    await to.clear();
    expect(await to.stats()).toMatchObject({ documents: 0, origins: [] });
    expect(await leftovers((await to.stats()).name)).toEqual(nothing);
  });

  test('of a new embedding model replace a collection that has nothing else, and are refused by one that has', async () => {
    const [first, second] = [await open(), await open(false)];
    await fill(first, 26);
    await second.bind(createSpace(dimension, 'new/model'));
    await fill(second, 27, 'n');
    const [alone, mixed] = [await open(false), await open(false)];
    for (const store of [alone, mixed]) await store.import(pieces(await exported(first)), { origin });
    await mixed.bind(createSpace(dimension));
    await put(mixed, document('own', createRandom(28)));
    const newer = await exported(second);
    await alone.import(pieces(newer), { origin });
    expect(await alone.stats()).toMatchObject({ documents: 42, deleted: 0, space: { model: 'new/model' } });
    expect(await ask(alone)).toEqual(await ask(second));
    expect(await leftovers((await alone.stats()).name)).toEqual(nothing);
    const before = await state(mixed);
    await expect(mixed.import(pieces(newer), { origin })).rejects.toMatchObject({ code: 'embedding-mismatch' });
    await expect(alone.import(pieces(await exported(first)))).rejects.toMatchObject({ code: 'embedding-mismatch' });
    expect(await state(mixed)).toEqual(before);
  });
});
