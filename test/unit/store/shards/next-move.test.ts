// Which segment goes where: threads become even, and then nothing moves.
import { expect, test } from 'vitest';
import { nextMove } from '../../../../src/store/shards/next-move.ts';
import { createRandom } from '../../../../src/util/random.ts';

interface Item {
  rows: number;
}

/** Moves until nothing is left to do; gives the number of moves. */
function settle(threads: Item[][]): number {
  for (let moves = 0; ; moves++) {
    const move = nextMove(threads);
    if (!move) return moves;
    expect(moves).toBeLessThan(10_000);
    threads[move.from]!.splice(threads[move.from]!.indexOf(move.item), 1);
    threads[move.to]!.push(move.item);
  }
}

const loads = (threads: readonly Item[][]) => threads.map((items) => items.reduce((sum, { rows }) => sum + rows, 0));

test.each([2, 3, 4])('%i threads: all that one has at first is divided evenly, with no move too many', (count) => {
  const random = createRandom(count);
  const items = Array.from({ length: 200 }, () => ({ rows: 1 + Math.floor(random() * 4096) }));
  const threads: Item[][] = [items, ...Array.from({ length: count - 1 }, () => [])];
  const total = loads(threads)[0]!;
  expect(settle(threads)).toBeLessThan(200);
  expect(new Set(threads.flat()).size).toBe(200);
  for (const load of loads(threads)) expect(Math.abs(load - total / count)).toBeLessThan(total * 0.1);
  expect(nextMove(threads)).toBeUndefined();
});

test('a thread that has lost much gets something of the others', () => {
  const threads = [Array.from({ length: 50 }, () => ({ rows: 100 })), Array.from({ length: 10 }, () => ({ rows: 100 }))];
  settle(threads);
  expect(loads(threads)).toEqual([3100, 2900]);
});

test('nothing moves where it would not help', () => {
  expect(nextMove<Item>([[], []])).toBeUndefined();
  expect(nextMove<Item>([[{ rows: 10 }]])).toBeUndefined();
  // One segment is in one thread, wherever that is.
  expect(nextMove<Item>([[{ rows: 10 }], []])).toBeUndefined();
  expect(nextMove<Item>([[{ rows: 1000 }], [{ rows: 910 }]])).toBeUndefined();
  expect(nextMove<Item>([[{ rows: 0 }, { rows: 20 }], []])).toBeUndefined();
});
