// Row masks equal those of a loop over all rows.
import { describe, expect, test } from 'vitest';
import { type OrdinalSet, sortedSet, unsortedSet } from '../../../src/store/filter/ordinal-set.ts';
import { rowMask } from '../../../src/store/filter/row-mask.ts';
import { createRandom } from '../../../src/util/random.ts';

interface Case {
  runOrdinals: Uint32Array;
  runStarts: Uint32Array;
  matches: Set<number>;
  live: Uint16Array | undefined;
}

function naive({ runOrdinals, runStarts, matches, live }: Case): { mask: number[]; count: number } {
  const rows = runStarts[runOrdinals.length] ?? 0;
  const mask = new Array<number>(Math.ceil(rows / 16)).fill(0);
  let count = 0;
  for (let run = 0; run < runOrdinals.length; run++) {
    if (!matches.has(runOrdinals[run]!)) continue;
    for (let row = runStarts[run]!; row < runStarts[run + 1]!; row++) {
      if (live && !(live[row >> 4]! & (1 << (row & 15)))) continue;
      mask[row >> 4]! |= 1 << (row & 15);
      count++;
    }
  }
  return { mask, count };
}

function asSets(matches: Set<number>): OrdinalSet[] {
  const ordinals = Uint32Array.from(matches).sort();
  const span = (ordinals.at(-1) ?? 0) + 1;
  // As a list, and as bits where that is sensible.
  return span < 1e6 ? [sortedSet(ordinals), unsortedSet(Uint32Array.from(matches), span)] : [sortedSet(ordinals)];
}

function check(sample: Case): void {
  const expected = naive(sample);
  for (const matches of asSets(sample.matches)) {
    const { mask, count } = rowMask(sample, matches, sample.live);
    expect({ mask: [...mask], count }, matches.kind).toEqual(expected);
  }
}

test('random segments', () => {
  const random = createRandom(11);
  for (let round = 0; round < 3000; round++) {
    const runs = Math.floor(random() ** 3 * 400);
    const longest = random() < 0.5 ? 3 : 60;
    const gap = random() < 0.9 ? 1 + Math.floor(random() * 30) : 5_000_000;
    const runOrdinals = new Uint32Array(runs);
    const runStarts = new Uint32Array(runs + 1);
    let ordinal = Math.floor(random() * 100);
    for (let run = 0; run < runs; run++) {
      ordinal += 1 + Math.floor(random() * gap);
      runOrdinals[run] = ordinal;
      runStarts[run + 1] = runStarts[run]! + 1 + Math.floor(random() * longest);
    }
    const matches = new Set<number>();
    const share = random() < 0.2 ? 1 : random() ** 3;
    for (const candidate of runOrdinals) if (random() < share) matches.add(candidate);
    // Documents that this segment does not have, before, between and after those that it has.
    for (let other = Math.floor(random() * 500); other > 0; other--) matches.add(Math.floor(random() * (ordinal + 100)));
    const live =
      random() < 0.5 ? undefined : Uint16Array.from({ length: Math.ceil(runStarts[runs]! / 16) }, () => random() * 65536);
    check({ runOrdinals, runStarts, matches, live });
  }
});

describe('edges', () => {
  const runOrdinals = Uint32Array.of(5, 6, 0xffffffff);
  const runStarts = Uint32Array.of(0, 16, 31, 48);

  test.each([
    ['nothing', []],
    ['all', [5, 6, 0xffffffff]],
    ['a whole word', [5]],
    ['the last run', [0xffffffff]],
    ['none of these', [4, 7, 100]],
  ])('%s', (_, ordinals) => {
    check({ runOrdinals, runStarts, matches: new Set(ordinals), live: undefined });
    check({ runOrdinals, runStarts, matches: new Set(ordinals), live: Uint16Array.of(0xffff, 0, 0x8001) });
  });

  test('a segment without rows', () => {
    const empty = { runOrdinals: new Uint32Array(0), runStarts: new Uint32Array(1), live: undefined };
    check({ ...empty, matches: new Set() });
    check({ ...empty, matches: new Set([1, 2]) });
  });
});
