// The best rows of a search.

/** A row and its score. */
export interface ScoredRow {
  position: number;
  score: number;
}

/** Order of positions whose scores are equal. */
export type TieOrder = (a: number, b: number) => number;

/** Keeps the k best: higher scores first, equal scores in the order of ties. A binary heap with the worst on top. */
export class TopRows {
  readonly #capacity: number;
  readonly #ties: TieOrder;
  readonly #heap: ScoredRow[] = [];

  constructor(capacity: number, ties: TieOrder = (a, b) => a - b) {
    this.#capacity = capacity;
    this.#ties = ties;
  }

  /** Rows with lower scores cannot come in. */
  get least(): number {
    return this.#heap.length < this.#capacity ? 0 : this.#heap[0]!.score;
  }

  add(position: number, score: number): void {
    const heap = this.#heap;
    const row = { position, score };
    if (heap.length < this.#capacity) {
      heap.push(row);
      this.#rise(heap.length - 1);
    } else if (this.#isBetter(row, heap[0]!)) {
      heap[0] = row;
      this.#sink();
    }
  }

  /** Best first. */
  take(): ScoredRow[] {
    return this.#heap.sort((a, b) => (this.#isBetter(a, b) ? -1 : 1));
  }

  #rise(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (this.#isBetter(heap[at]!, heap[parent]!)) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ; ) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && this.#isBetter(heap[worst]!, heap[child]!)) worst = child;
      if (worst === at) return;
      [heap[at], heap[worst]] = [heap[worst]!, heap[at]!];
      at = worst;
    }
  }

  #isBetter(a: ScoredRow, b: ScoredRow): boolean {
    return a.score > b.score || (a.score === b.score && this.#ties(a.position, b.position) < 0);
  }
}
