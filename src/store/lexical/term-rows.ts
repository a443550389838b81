// Postings of one term in memory: the rows that have it, how often, and where.

/** Arrays that are filled again and again; entries from `count` on are left over from before. */
export class TermRows {
  count = 0;
  /** Ascending. */
  rows = new Uint32Array(64);
  /** Occurrences in the text of each row, and in its title; one of them is at least 1. */
  text = new Uint32Array(64);
  title = new Uint32Array(64);
  positionCount = 0;
  /** For each row its positions in the text, ascending, then those in the title. */
  positions = new Uint32Array(64);

  clear(): void {
    this.count = 0;
    this.positionCount = 0;
  }

  reserveRows(count: number): void {
    if (count <= this.rows.length) return;
    const length = Math.max(count, this.rows.length * 2);
    this.rows = grown(this.rows, length);
    this.text = grown(this.text, length);
    this.title = grown(this.title, length);
  }

  reservePositions(count: number): void {
    if (count > this.positions.length) this.positions = grown(this.positions, Math.max(count, this.positions.length * 2));
  }

  /** Appends a row without its positions. */
  push(row: number, text: number, title: number): void {
    this.reserveRows(this.count + 1);
    this.rows[this.count] = row;
    this.text[this.count] = text;
    this.title[this.count] = title;
    this.count++;
  }

  pushPosition(position: number): void {
    this.reservePositions(this.positionCount + 1);
    this.positions[this.positionCount++] = position;
  }
}

function grown(array: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
}
