// What one step of a row is worth: `rowScale` in `kernel.ts`.

/**
 * @param scale address of a row's scale, 16 bits
 * @param sizes 256 floats: sizes of steps
 */
export function rowScale(scale: usize, sizes: usize): f32 {
  const bits: u32 = load<u16>(scale);
  return load<f32>(sizes + ((<usize>bits >> 8) << 2)) * (<f32>1 + <f32>(<i32>(bits & 255) - 128) / 16384);
}
