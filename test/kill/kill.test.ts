// The browser is killed at random moments: what was acknowledged is there, nothing is half there, and nothing is left over.
// A SIGKILL takes the processes, not the page cache of the operating system: that `strict` durability reaches the disk is the
// browser's word, and is not tested here.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repeats } from '../support/repeats.ts';
import { Lane, type Tally } from './lane.ts';
import { type Site, startSite } from './site.ts';

const runs = repeats(60);
const seed = Number(process.env.TEST_SEED ?? 1);
const lanes = Math.min(2, runs);

let site: Site;

beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.close());

test(`${runs} kills lose nothing (seed ${seed})`, { timeout: 60_000 + runs * 20_000 }, async () => {
  const tallies: Tally[] = [];
  let begun = 0;
  let failed = false;
  const ends = await Promise.allSettled(
    Array.from({ length: lanes }, async (_, index) => {
      const lane = new Lane(site.url, seed * 1000 + index);
      try {
        while (begun++ < runs && !failed) tallies.push(await lane.live());
        if (!failed) await lane.end();
      } catch (error) {
        failed = true;
        throw error;
      }
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  expect(tallies).toHaveLength(runs);
  console.log(`${tallies.filter(({ torn }) => torn).length} kills have torn a record of the browser's log`);
  for (const kind of new Set(tallies.map((tally) => tally.kind))) console.log(describe(kind, tallies));
});

function describe(kind: string, all: readonly Tally[]): string {
  const tallies = all.filter((tally) => tally.kind === kind);
  const mean = (value: (tally: Tally) => number) => tallies.reduce((sum, tally) => sum + value(tally), 0) / tallies.length;
  return (
    `${kind}: ${tallies.length} kills, ${mean((tally) => tally.acknowledged).toFixed(1)} acknowledgments and ` +
    `${mean((tally) => tally.pending).toFixed(1)} units in flight each, ${tallies.filter((tally) => !tally.opened).length} before ` +
    `the collection was open, ${mean((tally) => tally.duration / 1000).toFixed(2)} s a life`
  );
}
