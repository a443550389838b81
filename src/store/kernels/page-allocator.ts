// Hands out runs of pages of a memory that only grows: first fit, neighbours that are free become one.

interface Run {
  start: number;
  length: number;
}

/** Bookkeeping only: what lies in the pages is not touched. */
export class PageAllocator {
  readonly #grow: (pages: number) => void;
  /** Free runs by start; no two touch. */
  readonly #free: Run[] = [];
  /** Lengths of the runs handed out, by start. */
  readonly #taken = new Map<number, number>();
  #end = 0;

  /** @param grow adds pages at the end; throws where there are no more */
  constructor(grow: (pages: number) => void) {
    this.#grow = grow;
  }

  /** @param length pages, 1 or more @returns the first page of the run */
  allocate(length: number): number {
    let index = this.#free.findIndex((run) => run.length >= length);
    if (index < 0) {
      const last = this.#free.at(-1);
      const open = last && last.start + last.length === this.#end ? last : { start: this.#end, length: 0 };
      const more = length - open.length;
      this.#grow(more);
      this.#end += more;
      open.length += more;
      if (open !== last) this.#free.push(open);
      index = this.#free.length - 1;
    }
    const run = this.#free[index]!;
    const { start } = run;
    run.start += length;
    run.length -= length;
    if (run.length === 0) this.#free.splice(index, 1);
    this.#taken.set(start, length);
    return start;
  }

  /** Takes a run back. @param start as `allocate` gave it; nothing happens where it was taken back before */
  free(start: number): void {
    const length = this.#taken.get(start);
    if (length === undefined) return;
    this.#taken.delete(start);
    const found = this.#free.findIndex((run) => run.start > start);
    const index = found < 0 ? this.#free.length : found;
    const before = this.#free[index - 1];
    const after = this.#free[index];
    const run = { start, length };
    const joinsBefore = before && before.start + before.length === start;
    const joinsAfter = after && start + length === after.start;
    if (joinsBefore) {
      run.start = before.start;
      run.length += before.length;
    }
    if (joinsAfter) run.length += after.length;
    this.#free.splice(index - (joinsBefore ? 1 : 0), (joinsBefore ? 1 : 0) + (joinsAfter ? 1 : 0), run);
  }
}
