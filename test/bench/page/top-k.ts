// The best k of a plain scan, kept in order.

/** Keeps the `k` highest scores with their ids; of equal ones the first offered. */
export class TopK {
  readonly ids: number[] = [];
  readonly scores: number[] = [];
  readonly #k: number;
  /** Lower scores cannot enter any more. */
  threshold = -Infinity;

  constructor(k: number) {
    this.#k = k;
  }

  offer(id: number, score: number): void {
    if (score <= this.threshold) return;
    const { ids, scores } = this;
    if (ids.length === this.#k) {
      ids.pop();
      scores.pop();
    }
    let at = ids.length;
    while (at > 0 && scores[at - 1]! < score) at--;
    ids.splice(at, 0, id);
    scores.splice(at, 0, score);
    if (ids.length === this.#k) this.threshold = scores[this.#k - 1]!;
  }
}
