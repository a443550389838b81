// What compaction plans: small segments merge by eights, segments with many deleted rows are rewritten, damaged ones stay.
import { describe, expect, test } from 'vitest';
import type { SegmentEntry } from '../../../src/store/disk/database.ts';
import { segmentRows } from '../../../src/store/disk/row-blocks.ts';
import type { Segment } from '../../../src/store/segment.ts';
import type { View } from '../../../src/store/view.ts';
import { planCompaction } from '../../../src/store/write/compaction.ts';
import { createRandom } from '../../../src/util/random.ts';

const dimension = 384;
const full = segmentRows(dimension);
const live = ({ rows, deleted }: SegmentEntry) => rows - deleted;

/** Segments without content, compacted as planned. */
class Plans {
  entries: SegmentEntry[] = [];
  /** Rows that were rewritten. */
  rewritten = 0;
  readonly damaged = new Set<number>();
  readonly #broken = new WeakSet<Segment>();
  readonly #segments = new Map<number, Segment>();
  #next = 1;

  add(rows: number, deleted = 0): number {
    const id = this.#next++;
    this.entries.push({ id, rows, deleted, deletedAt: 0, bytes: { vectors: 0, lexical: 0 } });
    this.#segments.set(id, { damaged: false } as Segment);
    return id;
  }

  break(id: number): void {
    this.#broken.add(this.#segments.get(id)!);
  }

  plan(thorough: boolean): SegmentEntry[][] {
    const segments = new Map(
      this.entries.map(({ id }) => [id, this.damaged.has(id) ? ({ damaged: true } as Segment) : this.#segments.get(id)!]),
    );
    const view = { manifest: { collection: 'c', segments: this.entries }, segments } as unknown as View;
    const { collection, steps } = planCompaction(view, dimension, thorough, this.#broken);
    expect(collection).toBe('c');
    const taken = steps.flat();
    expect(new Set(taken).size).toBe(taken.length);
    for (const step of steps) expect(step.length === 1 || step.reduce((sum, entry) => sum + live(entry), 0) <= full).toBe(true);
    return steps.map((step) => [...step]);
  }

  /** Plans and does, once or until there is nothing to do; gives the number of steps. */
  compact(thorough: boolean): number {
    const steps = this.plan(thorough);
    for (const step of steps) {
      const rows = step.reduce((sum, entry) => sum + live(entry), 0);
      this.rewritten += rows;
      this.entries = this.entries.filter((entry) => !step.includes(entry));
      if (rows > 0) this.add(rows);
    }
    return thorough && steps.length > 0 ? steps.length + this.compact(true) : steps.length;
  }
}

describe('thorough', () => {
  test('ends with nothing deleted and at most one segment that is half empty', () => {
    const random = createRandom(1);
    for (let round = 0; round < 200; round++) {
      const plans = new Plans();
      for (let count = Math.floor(random() * 40); count > 0; count--) {
        const rows = 1 + Math.floor(random() ** 3 * full);
        plans.add(rows, random() < 0.4 ? Math.floor(random() * rows) : 0);
      }
      const total = plans.entries.reduce((sum, entry) => sum + live(entry), 0);
      plans.compact(true);
      expect(plans.entries.reduce((sum, { rows }) => sum + rows, 0)).toBe(total);
      expect(plans.entries.every(({ deleted }) => deleted === 0)).toBe(true);
      expect(plans.entries.filter((entry) => live(entry) <= full / 2).length).toBeLessThanOrEqual(1);
      expect(plans.plan(true)).toEqual([]);
    }
  });

  test('leaves alone what is damaged and what could not be read', () => {
    const plans = new Plans();
    const ids = Array.from({ length: 6 }, () => plans.add(100, 10));
    plans.damaged.add(ids[1]!);
    plans.break(ids[4]!);
    expect(plans.plan(true).map((step) => step.map(({ id }) => id))).toEqual([[0, 2, 3, 5].map((index) => ids[index])]);
    expect(plans.plan(false)).toEqual([]);
  });

  test('does nothing to a single whole segment', () => {
    const plans = new Plans();
    plans.add(10);
    expect(plans.plan(true)).toEqual([]);
  });
});

describe('in the background', () => {
  test('eight of a size are merged, seven are not', () => {
    const plans = new Plans();
    for (let count = 0; count < 7; count++) plans.add(10);
    plans.add(100);
    expect(plans.plan(false)).toEqual([]);
    plans.add(12);
    expect(plans.plan(false).map((step) => step.length)).toEqual([8]);
  });

  test('more than a fifth deleted is rewritten, less is not', () => {
    const plans = new Plans();
    plans.add(full, full * 0.2);
    const id = plans.add(full, full * 0.2 + 1);
    expect(plans.plan(false).map((step) => step.map((entry) => entry.id))).toEqual([[id]]);
  });

  test('many small commits leave few segments, and a row is rewritten a few times only', () => {
    const plans = new Plans();
    const commits = 5000;
    let most = 0;
    for (let commit = 0; commit < commits; commit++) {
      plans.add(3);
      plans.compact(false);
      most = Math.max(most, plans.entries.length);
    }
    expect(plans.entries.reduce((sum, { rows }) => sum + rows, 0)).toBe(3 * commits);
    expect(most).toBeLessThan(7 * 4 + (3 * commits) / (full / 2));
    expect(plans.rewritten / (3 * commits)).toBeLessThan(5);
  });
});
