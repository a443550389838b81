// Dot product in plain JavaScript: the reference that every other kernel is checked against.

/**
 * Dot product of `query` with the vector of the same length that starts at `offset` of `vectors`.
 * Sums in double precision and always in the same order, so equal input gives equal bits.
 */
export function dot(query: Float32Array, vectors: Float32Array, offset: number): number {
  const length = query.length;
  const whole = length - (length % 4);
  // Four sums that do not wait for each other.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let index = 0;
  for (; index < whole; index += 4) {
    const at = offset + index;
    a += query[index]! * vectors[at]!;
    b += query[index + 1]! * vectors[at + 1]!;
    c += query[index + 2]! * vectors[at + 2]!;
    d += query[index + 3]! * vectors[at + 3]!;
  }
  for (; index < length; index++) a += query[index]! * vectors[offset + index]!;
  return a + b + (c + d);
}
