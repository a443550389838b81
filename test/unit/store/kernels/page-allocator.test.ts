// Runs of pages: never two at one place, and none lost.
import { expect, test } from 'vitest';
import { PageAllocator } from '../../../../src/store/kernels/page-allocator.ts';
import { createRandom } from '../../../../src/util/random.ts';

test('random histories', () => {
  for (let seed = 0; seed < 40; seed++) {
    const random = createRandom(seed);
    let end = 0;
    const allocator = new PageAllocator((pages) => {
      end += pages;
    });
    const owners: (number | undefined)[] = [];
    const runs = new Map<number, number>();
    const release = (start: number) => {
      owners.fill(undefined, start, start + runs.get(start)!);
      runs.delete(start);
      allocator.free(start);
    };
    for (let step = 0; step < 400; step++) {
      if (runs.size > 0 && random() < 0.45) {
        release([...runs.keys()][Math.floor(random() * runs.size)]!);
        continue;
      }
      const length = 1 + Math.floor(random() ** 2 * 20);
      const before = end;
      const gap = longestGap(owners, end);
      const start = allocator.allocate(length);
      for (let page = start; page < start + length; page++) {
        expect(owners[page]).toBeUndefined();
        owners[page] = start;
      }
      expect(start + length).toBeLessThanOrEqual(end);
      // It grows only where nothing fits, and by no more than is missing after the free pages at the end.
      if (gap >= length) expect(end).toBe(before);
      else expect(end - before).toBeLessThanOrEqual(length);
      runs.set(start, length);
    }
    for (const start of [...runs.keys()]) release(start);
    const last = end;
    expect(allocator.allocate(end)).toBe(0);
    expect(end).toBe(last);
  }
});

function longestGap(owners: readonly (number | undefined)[], end: number): number {
  let [longest, length] = [0, 0];
  for (let page = 0; page < end; page++) {
    length = owners[page] === undefined ? length + 1 : 0;
    longest = Math.max(longest, length);
  }
  return longest;
}

test('free pages at the end are used when it grows', () => {
  const grown: number[] = [];
  const allocator = new PageAllocator((pages) => grown.push(pages));
  const [first, second] = [allocator.allocate(3), allocator.allocate(2)];
  allocator.free(second);
  expect(allocator.allocate(5)).toBe(3);
  allocator.free(first);
  expect(allocator.allocate(2)).toBe(0);
  expect(grown).toEqual([3, 2, 3]);
});

test('freeing twice does nothing, and a failed growth takes nothing', () => {
  let room = 4;
  const allocator = new PageAllocator((pages) => {
    if (pages > room) throw new RangeError('no more');
    room -= pages;
  });
  const first = allocator.allocate(2);
  allocator.free(first);
  allocator.free(first);
  expect(() => allocator.allocate(9)).toThrow('no more');
  expect(allocator.allocate(4)).toBe(0);
});
