// Parts of documents on their way into segments: cut into groups, joined and sorted, nothing lost.
import { expect, test } from 'vitest';
import { type Draft, joinParts } from '../../../src/store/write/draft.ts';
import { type AnalyzedPart, groupParts } from '../../../src/store/write/new-segment.ts';
import { createRandom } from '../../../src/util/random.ts';

const dimension = 4;
const random = createRandom(5);
const below = (count: number) => Math.floor(random() * count);

/** Consecutive passages, whose values all follow from document and passage. */
function part(ordinal: number, chunk: number, count: number): AnalyzedPart {
  const numbers = Array.from({ length: count }, (_, index) => chunk + index);
  return {
    ordinal,
    chunk,
    spans: Uint32Array.from(numbers.flatMap((number) => [number * 10 + ordinal, number * 10 + 9])),
    rows: Int8Array.from(numbers.flatMap((number) => [ordinal, number, number >> 7, 1])),
    scales: Uint16Array.from(numbers, (number) => (number + ordinal) % 256) as never,
    analyzed: numbers.map((number) => ({ language: `${ordinal}#${number}` }) as never),
  };
}

/** Documents in random order, each as several parts in order. */
function randomParts(): AnalyzedPart[] {
  const ordinals = Array.from({ length: 1 + below(6) }, (_, index) => index * 3 + 1).sort(() => random() - 0.5);
  return ordinals.flatMap((ordinal) => {
    const parts: AnalyzedPart[] = [];
    for (let chunk = below(3); parts.length < 1 + below(4); chunk += parts.at(-1)!.scales.length)
      parts.push(part(ordinal, chunk, below(12)));
    return parts;
  });
}

const passages = (parts: readonly AnalyzedPart[]) =>
  parts.flatMap(({ ordinal, chunk, scales }) => Array.from(scales, (_, index) => [ordinal, chunk + index] as const));

/** The passages of a draft, each checked against what it must be. */
function read({ table, rows, scales }: Draft): [number, number][] {
  expect(table.starts.at(-1)).toBe(scales.length);
  const found: [number, number][] = [];
  for (const [run, ordinal] of table.ordinals.entries()) {
    for (let row = table.starts[run]!; row < table.starts[run + 1]!; row++) {
      const chunk = table.chunks[run]! + row - table.starts[run]!;
      const wanted = part(ordinal, chunk, 1);
      expect(rows.slice(row * dimension, (row + 1) * dimension)).toEqual(wanted.rows);
      expect(table.spans.slice(row * 2, row * 2 + 2)).toEqual(wanted.spans);
      expect(scales[row]).toBe(wanted.scales[0]);
      found.push([ordinal, chunk]);
    }
  }
  return found;
}

test('groups are full but for the last, and keep order and content', () => {
  for (let round = 0; round < 200; round++) {
    const parts = randomParts();
    const limit = 1 + below(20);
    const groups = groupParts(parts, dimension, limit);
    expect(groups.flatMap(passages)).toEqual(passages(parts));
    const sizes = groups.map((group) => passages(group).length);
    for (const [index, size] of sizes.entries())
      expect(index < sizes.length - 1 ? size === limit : size > 0 && size <= limit).toBe(true);
    for (const { ordinal, chunk, analyzed, ...rest } of groups.flat()) {
      expect(analyzed.map(({ language }) => language)).toEqual(
        Array.from(rest.scales, (_, index) => `${ordinal}#${chunk + index}`),
      );
      const { ordinal: _ordinal, chunk: _chunk, analyzed: _analyzed, ...wanted } = part(ordinal, chunk, rest.scales.length);
      expect(rest).toEqual(wanted);
    }
  }
  expect(groupParts([], dimension, 5)).toEqual([]);
});

test('a draft has the passages in the order of documents, a run a stretch', () => {
  for (let round = 0; round < 200; round++) {
    const parts = randomParts();
    const draft = joinParts(groupParts(parts, dimension, 1000).flat(), dimension);
    expect(read(draft)).toEqual([...passages(parts)].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
    // Parts that follow each other are one run.
    expect(draft.table.ordinals).toHaveLength(new Set(passages(parts).map(([ordinal]) => ordinal)).size);
  }
});

test('passages that are missing between two parts begin another run', () => {
  const { table } = joinParts([part(7, 9, 2), part(7, 0, 3)], dimension);
  expect(table).toMatchObject({ ordinals: Uint32Array.of(7, 7), chunks: Uint32Array.of(0, 9), starts: Uint32Array.of(0, 3, 5) });
});
