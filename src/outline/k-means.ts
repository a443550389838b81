// Spherical k-means (Dhillon and Modha, 2001) from spread-out beginnings (k-means++, Arthur and Vassilvitskii, SODA 2007).
import type { CallOptions } from '../spec/call.ts';
import { nextTask } from '../util/async.ts';
import { createRandom } from '../util/random.ts';

/** Groups of vectors. */
export interface Clusters {
  /** Unit vectors, row-major, one a cluster. */
  centroids: Float32Array;
  /** The cluster of each vector. */
  assigned: Uint32Array;
}

export interface ClusterOptions extends CallOptions {
  /** @default 8 */
  rounds?: number;
  /** @default 1 */
  seed?: number;
}

/** Vectors between two breaks. */
const slice = 256;

/**
 * Groups unit vectors, letting others run in between. The same vectors and seed give the same groups.
 * @param vectors row-major
 * @param count of groups, at most one a vector
 */
export async function cluster(
  vectors: Float32Array,
  dimension: number,
  count: number,
  { rounds = 8, seed = 1, signal }: ClusterOptions = {},
): Promise<Clusters> {
  const size = vectors.length / dimension;
  const row = (i: number) => vectors.subarray(i * dimension, (i + 1) * dimension);
  const assigned = new Uint32Array(size);
  let centroids = await spread(vectors, dimension, Math.min(count, size), createRandom(seed), signal);
  for (let round = 0; round < rounds; round++) {
    const sums = new Float32Array(centroids.length);
    let moved = 0;
    for (let i = 0; i < size; i++) {
      if (i % slice === 0) await pause(signal);
      const vector = row(i);
      const nearest = nearestTo(vector, centroids, dimension);
      if (nearest !== assigned[i]) moved++;
      assigned[i] = nearest;
      for (let d = 0; d < dimension; d++) sums[nearest * dimension + d]! += vector[d]!;
    }
    // A group that has lost all its members stays where it was.
    const before = centroids;
    centroids = sums;
    for (let at = 0; at < sums.length; at += dimension) {
      const length = Math.hypot(...sums.subarray(at, at + dimension));
      for (let d = at; d < at + dimension; d++) centroids[d] = length > 0 ? sums[d]! / length : before[d]!;
    }
    if (round > 0 && moved === 0) break;
  }
  return { centroids, assigned };
}

/** The row with the largest dot product. */
export function nearestTo(vector: Float32Array, rows: Float32Array, dimension: number): number {
  let nearest = 0;
  let best = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < rows.length; at += dimension) {
    let dot = 0;
    for (let d = 0; d < dimension; d++) dot += vector[d]! * rows[at + d]!;
    if (dot > best) {
      best = dot;
      nearest = at / dimension;
    }
  }
  return nearest;
}

/** Each next one is drawn with the square of its distance to those that were drawn. */
async function spread(
  vectors: Float32Array,
  dimension: number,
  count: number,
  random: () => number,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const size = vectors.length / dimension;
  const centroids = new Float32Array(count * dimension);
  const distances = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  let chosen = Math.floor(random() * size);
  for (let number = 0; number < count; number++) {
    await pause(signal);
    const centroid = vectors.subarray(chosen * dimension, (chosen + 1) * dimension);
    centroids.set(centroid, number * dimension);
    let total = 0;
    for (let i = 0; i < size; i++) {
      let dot = 0;
      for (let d = 0; d < dimension; d++) dot += vectors[i * dimension + d]! * centroid[d]!;
      distances[i] = Math.min(distances[i]!, Math.max(0, 1 - dot));
      total += distances[i]!;
    }
    let left = random() * total;
    for (chosen = 0; chosen < size - 1; chosen++) {
      left -= distances[chosen]!;
      if (left < 0) break;
    }
  }
  return centroids;
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await nextTask();
  signal?.throwIfAborted();
}
