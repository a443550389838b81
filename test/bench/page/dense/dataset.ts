// The vectors of a run: the first rows of a file of real ones, and beyond its end seeded mixes of two of them.
import { createRandom } from '../../../../src/util/random.ts';

/** What the driver says about the vectors; plain data. */
export interface DatasetSettings {
  /** Little-endian float32, row-major, unit rows. */
  url: string;
  dimension: number;
  /** Rows of the file that may be used. */
  base: number;
  /** Rows of the data set; more than `base` are mixed. */
  n: number;
}

/** Rows `first` … `first + rows − 1`. */
export interface Batch {
  first: number;
  rows: number;
  /** Row-major; valid until the next batch is asked for. */
  data: Float32Array;
}

export interface Dataset {
  n: number;
  dimension: number;
  /** All rows in order; a second pass gives the same. */
  batches(rows: number): Iterable<Batch>;
}

/** Strength of the noise in a mix, as a share of its length. */
const noise = 0.05;

const seed = 7;

/** Fetches the real vectors; the mixes are made on the way, so that memory does not grow with `n`. */
export async function openDataset({ url, dimension, base, n }: DatasetSettings): Promise<Dataset> {
  const bytes = Math.min(n, base) * dimension * 4;
  const response = await fetch(url, { headers: { Range: `bytes=0-${bytes - 1}` } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const real = new Float32Array(await response.arrayBuffer(), 0, bytes / 4);
  return mixedDataset(real, dimension, n);
}

/** The first `n` rows: real ones, then mixes of two of them. */
export function mixedDataset(real: Float32Array, dimension: number, n: number): Dataset {
  return { n, dimension, batches: (rows) => batches(real, n, dimension, rows) };
}

function* batches(real: Float32Array, n: number, dimension: number, rows: number): Iterable<Batch> {
  const base = real.length / dimension;
  const mix = mixer(real, dimension);
  const made = new Float32Array(n > base ? rows * dimension : 0);
  for (let first = 0; first < n; ) {
    const end = Math.min(first + rows, first < base ? Math.min(base, n) : n);
    const length = (end - first) * dimension;
    let data: Float32Array;
    if (first < base) data = real.subarray(first * dimension, end * dimension);
    else {
      data = made.subarray(0, length);
      for (let at = 0; at < length; at += dimension) mix(data, at);
    }
    yield { first, rows: end - first, data };
    first = end;
  }
}

/** Writes one mix after the other: t·a + (1 − t)·b + noise, at length 1. */
function mixer(real: Float32Array, dimension: number): (target: Float32Array, at: number) => void {
  const base = real.length / dimension;
  const random = createRandom(seed);
  // Uniform noise of the wanted length, cut at random places from one table: a number for each component would take longest.
  const scale = noise * Math.sqrt(3 / dimension);
  const table = Float32Array.from({ length: 1 << 16 }, () => (2 * random() - 1) * scale);
  return (target, at) => {
    const a = Math.floor(random() * base) * dimension;
    const b = Math.floor(random() * base) * dimension;
    const t = random();
    const from = Math.floor(random() * (table.length - dimension));
    let squares = 0;
    for (let i = 0; i < dimension; i++) {
      const value = t * real[a + i]! + (1 - t) * real[b + i]! + table[from + i]!;
      target[at + i] = value;
      squares += value * value;
    }
    const factor = 1 / Math.sqrt(squares);
    for (let i = at; i < at + dimension; i++) target[i]! *= factor;
  };
}

/** Rows of a file of vectors; plain data. */
export interface RowSettings {
  url: string;
  dimension: number;
  /** Number of the first row. */
  first: number;
  count: number;
}

/** Fetches rows, each as a vector. */
export async function fetchRows({ url, dimension, first, count }: RowSettings): Promise<Float32Array[]> {
  const row = dimension * 4;
  const response = await fetch(url, { headers: { Range: `bytes=${first * row}-${(first + count) * row - 1}` } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const data = new Float32Array(await response.arrayBuffer());
  return Array.from({ length: count }, (_, i) => data.subarray(i * dimension, (i + 1) * dimension));
}
