// The rotation of a vector in place: signs, Walsh–Hadamard butterflies and butterflies of the two halves.

/**
 * @param vector `dimension` floats
 * @param window the power of two that one Walsh–Hadamard transform covers
 * @param factors `rounds` × `dimension` floats
 */
export function rotate(vector: usize, dimension: u32, window: u32, factors: usize, rounds: u32): void {
  for (let round: u32 = 0; round < rounds; round++) {
    if (round === 2 && window < dimension) crossHalves(vector, dimension);
    multiply(vector, factors + ((<usize>(round * dimension)) << 2), dimension);
    transform(vector + (round & 1 ? (<usize>(dimension - window)) << 2 : 0), window);
  }
}

function multiply(vector: usize, factors: usize, dimension: u32): void {
  const whole: usize = (<usize>dimension >> 2) << 4;
  const end: usize = (<usize>dimension) << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) v128.store(vector + at, f32x4.mul(v128.load(vector + at), v128.load(factors + at)));
  for (; at < end; at += 4) store<f32>(vector + at, load<f32>(vector + at) * load<f32>(factors + at));
}

function crossHalves(vector: usize, dimension: u32): void {
  const half: u32 = dimension >> 1;
  cross(vector, vector + ((<usize>(dimension - half)) << 2), half);
}

/** Sum and difference of two runs of floats, in place. */
function cross(low: usize, high: usize, length: u32): void {
  const whole: usize = (<usize>length >> 2) << 4;
  const end: usize = (<usize>length) << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    const a = v128.load(low + at);
    const b = v128.load(high + at);
    v128.store(low + at, f32x4.add(a, b));
    v128.store(high + at, f32x4.sub(a, b));
  }
  for (; at < end; at += 4) {
    const a = load<f32>(low + at);
    const b = load<f32>(high + at);
    store<f32>(low + at, a + b);
    store<f32>(high + at, a - b);
  }
}

/** Butterflies of growing stride, three strides in one pass over memory where that many are left. */
function transform(start: usize, size: u32): void {
  if (size < 4) {
    if (size === 2) cross(start, start + 4, 1);
    return;
  }
  const bytes: usize = (<usize>size) << 2;
  const end: usize = start + bytes;
  let stride: usize = 16;
  if (bytes >= 128) {
    for (let at: usize = start; at < end; at += 128) eight(at, 16, true);
    stride = 128;
  } else {
    for (let at: usize = start; at < end; at += 16) v128.store(at, withinVector(v128.load(at)));
  }
  for (; stride << 3 <= bytes; stride <<= 3) {
    for (let block: usize = start; block < end; block += stride << 3) {
      for (let at: usize = block; at < block + stride; at += 16) eight(at, stride, false);
    }
  }
  for (; stride < bytes; stride <<= 1) {
    for (let block: usize = start; block < end; block += stride << 1) cross(block, block + stride, <u32>(stride >> 2));
  }
}

/** The butterflies of stride 1 and 2. */
function withinVector(v: v128): v128 {
  const ones = f32x4.add(
    v128.shuffle<f32>(v, v, 0, 0, 2, 2),
    v128.xor(v128.shuffle<f32>(v, v, 1, 1, 3, 3), i64x2.splat(i64.MIN_VALUE)),
  );
  return f32x4.add(
    v128.shuffle<f32>(ones, ones, 0, 1, 0, 1),
    v128.xor(v128.shuffle<f32>(ones, ones, 2, 3, 2, 3), i32x4(0, 0, i32.MIN_VALUE, i32.MIN_VALUE)),
  );
}

/** The butterflies of one, two and four strides between eight vectors, after those within each. */
function eight(at: usize, stride: usize, within: bool): void {
  const at1 = at + stride;
  const at2 = at1 + stride;
  const at3 = at2 + stride;
  const at4 = at3 + stride;
  const at5 = at4 + stride;
  const at6 = at5 + stride;
  const at7 = at6 + stride;
  let a0 = v128.load(at);
  let a1 = v128.load(at1);
  let a2 = v128.load(at2);
  let a3 = v128.load(at3);
  let a4 = v128.load(at4);
  let a5 = v128.load(at5);
  let a6 = v128.load(at6);
  let a7 = v128.load(at7);
  if (within) {
    a0 = withinVector(a0);
    a1 = withinVector(a1);
    a2 = withinVector(a2);
    a3 = withinVector(a3);
    a4 = withinVector(a4);
    a5 = withinVector(a5);
    a6 = withinVector(a6);
    a7 = withinVector(a7);
  }
  const b0 = f32x4.add(a0, a1);
  const b1 = f32x4.sub(a0, a1);
  const b2 = f32x4.add(a2, a3);
  const b3 = f32x4.sub(a2, a3);
  const b4 = f32x4.add(a4, a5);
  const b5 = f32x4.sub(a4, a5);
  const b6 = f32x4.add(a6, a7);
  const b7 = f32x4.sub(a6, a7);
  a0 = f32x4.add(b0, b2);
  a1 = f32x4.add(b1, b3);
  a2 = f32x4.sub(b0, b2);
  a3 = f32x4.sub(b1, b3);
  a4 = f32x4.add(b4, b6);
  a5 = f32x4.add(b5, b7);
  a6 = f32x4.sub(b4, b6);
  a7 = f32x4.sub(b5, b7);
  v128.store(at, f32x4.add(a0, a4));
  v128.store(at1, f32x4.add(a1, a5));
  v128.store(at2, f32x4.add(a2, a6));
  v128.store(at3, f32x4.add(a3, a7));
  v128.store(at4, f32x4.sub(a0, a4));
  v128.store(at5, f32x4.sub(a1, a5));
  v128.store(at6, f32x4.sub(a2, a6));
  v128.store(at7, f32x4.sub(a3, a7));
}
