// Records on disk: what is read is what was written, and any bit or byte that is not is noticed.
import { describe, expect, test } from 'vitest';
import type { Reads, Tables, Writes } from '../../../src/store/disk/database.ts';
import { blockRows, countRowBlocks, deleteRows, openRowBlock, putRows, segmentRows } from '../../../src/store/disk/row-blocks.ts';
import { decodeRowTable, encodeRowTable, type RowTable } from '../../../src/store/disk/row-table.ts';
import { seal, unseal } from '../../../src/store/disk/sealed.ts';
import {
  codesLength,
  decodeHead,
  encodeHead,
  expandFactors,
  replaceTable,
  roundFactors,
} from '../../../src/store/disk/segment-head.ts';
import { blockUnits, countBlocks, readSlice } from '../../../src/store/disk/text-blocks.ts';
import { ByteReader, ByteWriter } from '../../../src/store/varint.ts';
import { createRandom } from '../../../src/util/random.ts';

const random = createRandom(3);
const below = (count: number) => Math.floor(random() * count);
const bytes = (length: number) => Uint8Array.from({ length }, () => below(256));

/** A row table of random runs. */
function randomTable(runs: number): RowTable {
  const ordinals: number[] = [];
  const starts = [0];
  const chunks: number[] = [];
  const spans: number[] = [];
  let ordinal = below(1000);
  for (let run = 0; run < runs; run++) {
    ordinal += 1 + below(random() < 0.1 ? 2 ** 24 : 3);
    ordinals.push(ordinal);
    chunks.push(random() < 0.5 ? 0 : below(2 ** 20));
    let at = random() < 0.1 ? below(2 ** 29) : 0;
    for (let row = 1 + below(20); row > 0; row--) {
      // Passages overlap, leave gaps, are empty.
      at = Math.max(0, at + below(200) - 60);
      const end = at + below(300);
      spans.push(at, end);
      at = end;
    }
    starts.push(spans.length / 2);
  }
  return {
    ordinals: Uint32Array.from(ordinals),
    starts: Uint32Array.from(starts),
    chunks: Uint32Array.from(chunks),
    spans: Uint32Array.from(spans),
  };
}

function randomHead(rows: number, dimension: number) {
  return {
    rows,
    centroid: Float32Array.from({ length: dimension }, () => random() - 0.5),
    factors: roundFactors(Float32Array.from({ length: rows }, random)),
    scales: Uint16Array.from({ length: rows }, () => below(256)),
    codes: bytes(codesLength(rows, dimension)),
    table: bytes(below(40)),
  };
}

test('whole numbers, as short as they are small', () => {
  const writer = new ByteWriter();
  const edges = [0, 1, 127, 128, 16_383, 16_384, 2 ** 21 - 1, 2 ** 21, 2 ** 28 - 1, 2 ** 28, 2 ** 31, 2 ** 32 - 1];
  const numbers = [...edges, ...Array.from({ length: 1000 }, () => below(2 ** below(33)))];
  for (const number of numbers) writer.varint(number);
  const signed = numbers.filter((number) => number <= 2 ** 30).flatMap((number) => [number, -number]);
  for (const number of signed) writer.signed(number);
  const reader = new ByteReader(writer.view().slice());
  for (const number of numbers) {
    const before = reader.at;
    expect(reader.varint()).toBe(number);
    expect(reader.at - before).toBe(Math.max(1, Math.ceil(Math.log2(number + 1) / 7)));
  }
  for (const number of signed) expect(reader.signed() + 0).toBe(number + 0);
  expect(reader.at).toBe(reader.bytes.length);
});

test('row tables', () => {
  for (let round = 0; round < 200; round++) {
    const table = randomTable(below(round < 50 ? 3 : 40));
    const { runs, spans } = decodeRowTable(encodeRowTable(table));
    expect({ ...runs, spans: spans() }).toEqual(table);
    expect(spans()).toBe(spans());
  }
});

describe('sealed records', () => {
  test('open where they belong only', () => {
    for (let length = 0; length < 40; length++) {
      const payload = bytes(length);
      const sealed = seal(payload, 77);
      expect(sealed.byteLength % 4).toBe(0);
      expect(unseal(sealed, 77)).toEqual(payload);
      for (const place of [76, 78, 0, 77 + 8192]) expect(unseal(sealed, place)).toBeUndefined();
    }
    for (const missing of [undefined, new ArrayBuffer(0), new ArrayBuffer(8), new ArrayBuffer(12), 'text' as never])
      expect(unseal(missing, 5)).toBeUndefined();
  });

  test('every flipped bit and every other length is noticed', () => {
    for (const length of [0, 1, 2, 3, 4, 5, 6, 7, 8, 61])
      expectDamageNoticed(seal(bytes(length), 9), (buffer) => unseal(buffer, 9));
  });
});

describe('heads of segments', () => {
  test('are read as they were written', () => {
    for (const [rows, dimension] of [
      [0, 8],
      [1, 1],
      [15, 3],
      [16, 8],
      [17, 100],
      [333, 384],
    ] as const) {
      const head = randomHead(rows, dimension);
      const decoded = decodeHead(encodeHead(head, 12), { id: 12, rows, dimension });
      expect(decoded).toEqual({ ...head, factors: expandFactors(head.factors) });
    }
  });

  test('belong to one segment', () => {
    const head = encodeHead(randomHead(5, 8), 12);
    const own = { id: 12, rows: 5, dimension: 8 };
    expect(decodeHead(head, own)).toBeDefined();
    for (const other of [{ id: 13 }, { rows: 6 }, { dimension: 16 }])
      expect(decodeHead(head, { ...own, ...other })).toBeUndefined();
    for (const missing of [undefined, new ArrayBuffer(0), new ArrayBuffer(24)]) expect(decodeHead(missing, own)).toBeUndefined();
  });

  test('every flipped bit and every other length is noticed', () => {
    for (let round = 0; round < 4; round++)
      expectDamageNoticed(encodeHead(randomHead(5, 8), 3), (buffer) => decodeHead(buffer, { id: 3, rows: 5, dimension: 8 }));
  });

  test('with another row table are as if written with it', () => {
    const head = randomHead(20, 8);
    const other = bytes(33);
    expect(replaceTable(encodeHead(head, 1), other, 2)).toEqual(encodeHead({ ...head, table: other }, 2));
  });

  test('keep factors to within a 512th of their range', () => {
    const factors = Float32Array.from({ length: 500 }, () => 0.3 + random() * 0.2);
    const rounded = expandFactors(roundFactors(factors));
    for (const [row, factor] of factors.entries()) expect(Math.abs(rounded[row]! - factor)).toBeLessThan(0.2 / 512 + 1e-6);
    for (const same of [[], [0], [0.7, 0.7]])
      expect([...expandFactors(roundFactors(Float32Array.from(same)))]).toEqual([...Float32Array.from(same)]);
  });
});

test.each([1, 8, 384, 1536, 16_384])('rows of %i dimensions in blocks', (dimension) => {
  expect(segmentRows(dimension) % 16).toBe(0);
  expect(segmentRows(dimension) * dimension).toBeLessThanOrEqual(Math.max(8 << 20, 16 * dimension));
  expect(blockRows(dimension) % 16).toBe(0);
  const count = Math.min(segmentRows(dimension), 2 * blockRows(dimension) + 5);
  const rows = Int8Array.from(bytes(count * dimension));
  const stored = new Map<string, ArrayBuffer>();
  const tables = {
    put: (_table: 'rows', key: Tables['rows']['key'], value: ArrayBuffer) => stored.set(String(key), value),
    delete: (_table: 'rows', key: Tables['rows']['key']) => stored.delete(String(key)),
  } as unknown as Writes;
  const written = putRows(tables, 4, dimension, rows);
  expect([...stored.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(written);
  expect(stored.size).toBe(countRowBlocks(count, dimension));
  const blocks = Array.from({ length: stored.size }, (_, block) => openRowBlock(stored.get(`4,${block}`), 4, block)!);
  expect(
    blocks
      .map((block) => block.length / dimension)
      .slice(0, -1)
      .every((length) => length === blockRows(dimension)),
  ).toBe(true);
  expect(Buffer.concat(blocks.map((block) => Buffer.from(block.buffer, 0, block.length))).equals(Buffer.from(rows.buffer))).toBe(
    true,
  );
  expect(openRowBlock(stored.get('4,0'), 4, 1)).toBeUndefined();
  expect(openRowBlock(stored.get('4,0'), 5, 0)).toBeUndefined();
  deleteRows(tables, 4, dimension, count);
  expect(stored.size).toBe(0);
});

test('any slice of a text in blocks; a missing block is an error', async () => {
  const text = Array.from({ length: 3 * blockUnits - 7 }, () => String.fromCharCode(97 + below(26))).join('');
  const blocks = new Map(
    Array.from({ length: countBlocks(text.length) }, (_, block) => [
      block,
      text.slice(block * blockUnits, (block + 1) * blockUnits),
    ]),
  );
  const tables = { get: async (_table: 'text', [, block]: [number, number]) => blocks.get(block) } as unknown as Reads;
  expect([0, 1, blockUnits, blockUnits + 1].map(countBlocks)).toEqual([0, 1, 1, 2]);
  for (let round = 0; round < 50; round++) {
    const start = below(text.length);
    const end = start + below(text.length - start);
    expect(await readSlice(tables, 1, start, end)).toBe(text.slice(start, end));
  }
  for (const [start, end] of [
    [0, 0],
    [blockUnits, blockUnits],
    [0, blockUnits],
    [blockUnits - 1, blockUnits + 1],
    [0, text.length],
  ] as const)
    expect(await readSlice(tables, 1, start, end)).toBe(text.slice(start, end));
  blocks.delete(1);
  expect(await readSlice(tables, 1, 0, blockUnits)).toHaveLength(blockUnits);
  await expect(readSlice(tables, 1, 0, blockUnits + 1)).rejects.toMatchObject({ code: 'data-corrupt' });
});

/** Flips each bit, and cuts and lengthens. */
function expectDamageNoticed(buffer: ArrayBuffer, open: (buffer: ArrayBuffer) => unknown): void {
  expect(open(buffer)).toBeDefined();
  const view = new Uint8Array(buffer);
  for (let bit = 0; bit < view.length * 8; bit++) {
    view[bit >> 3]! ^= 1 << (bit & 7);
    expect(open(buffer), `bit ${bit}`).toBeUndefined();
    view[bit >> 3]! ^= 1 << (bit & 7);
  }
  for (let length = 0; length < view.length; length++) expect(open(buffer.slice(0, length)), `${length} bytes`).toBeUndefined();
  for (const more of [1, 4, 8]) {
    const longer = new Uint8Array(view.length + more);
    longer.set(view);
    expect(open(longer.buffer), `${more} bytes more`).toBeUndefined();
  }
}
