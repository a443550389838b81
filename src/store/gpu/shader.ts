// The scan in WGSL: block maxima, a choice of blocks by a threshold, the rows of those blocks that may be among the best.
//
// Sums of lookups are whole numbers, so they are exact. Estimates in floats may be fused or rounded otherwise than by the CPU: they
// only preselect, with a slack that is larger than any such difference. The best `capacity` of the block maxima are of as many rows;
// so no row below the lowest of them, less the slack, is among the best `capacity` rows.
import { codeBytes, groupRows } from '../kernels/kernel.ts';

/** Rows of a block, which has one maximum; a block has rows of one segment. */
export const blockRows = 64;
/** Blocks that a workgroup scans. */
export const tileBlocks = 16;
/** Queries that a workgroup scans for. */
export const octet = 8;
/** Words before the rows found of a query: number of blocks chosen, number of rows. Words of a row: its number, sum, factor. */
export const foundHead = 2;
export const foundWords = 3;
/** Words before the blocks chosen of a query: their number, and the lowest estimate of rows. */
export const chosenHead = 2;
/** Workgroups that share the blocks chosen for a query. */
export const collectors = 32;

const threads = (blockRows * tileBlocks) / 4;
/** Bytes of codes whose tables are in workgroup memory at once; it has 16 KiB at least. */
const chunkBytes = 64;
/** Lookups of eight queries for a byte: 16 for each half. */
const entriesPerByte = 32;

/** Words of the tables of eight queries. */
export function octetWords(dimension: number): number {
  return codeBytes(dimension) * entriesPerByte * 2;
}

/**
 * Entry points `findMaxima` (tiles of a page, octets), `choose` (queries), `collect` (collectors, queries).
 *
 * `queries` holds, in words: the tables by octet, an entry for each lookup with a byte for each of the eight queries; from
 * `params.constants` base, step, slack and nothing for each query; from `params.offsets` the offsets, parts × padded queries.
 */
export function scanShader(dimension: number): string {
  const bytes = codeBytes(dimension);
  const tableRoom = Math.max(threads * (octet / 2), Math.min(chunkBytes, bytes) * entriesPerByte);
  const rows = [0, 1, 2, 3];
  return /* wgsl */ `
struct Params { queries: u32, padded: u32, capacity: u32, room: u32, blocks: u32, constants: u32, offsets: u32, unused: u32 }
struct Page { first: u32, blocks: u32, unused0: u32, unused1: u32 }
struct Block { low: u32, high: u32, part: u32, unused: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> queries: array<u32>;
@group(0) @binding(2) var<storage, read> blocks: array<Block>;
@group(0) @binding(3) var<storage, read_write> maxima: array<u32>;
@group(0) @binding(4) var<storage, read_write> chosen: array<u32>;
@group(0) @binding(5) var<storage, read_write> found: array<atomic<u32>>;
@group(1) @binding(0) var<uniform> page: Page;
@group(1) @binding(1) var<storage, read> codes: array<u32>;
@group(1) @binding(2) var<storage, read> factors: array<u32>;

/** In the order of the floats; never 0. */
fn toKeys(values: vec4<f32>) -> vec4<u32> {
  let bits = bitcast<vec4<u32>>(values);
  return select(bits | vec4<u32>(0x80000000u), ~bits, (bits & vec4<u32>(0x80000000u)) != vec4<u32>(0u));
}

fn fromKey(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, (key & 0x80000000u) != 0u));
}

/** Of four rows. */
fn estimate(query: u32, part: u32, rowFactors: vec4<u32>, sums: vec4<u32>) -> vec4<f32> {
  let constants = params.constants + query * 4u;
  let products = bitcast<f32>(queries[constants]) + bitcast<f32>(queries[constants + 1u]) * vec4<f32>(sums);
  return bitcast<f32>(queries[params.offsets + part * params.padded + query]) + bitcast<vec4<f32>>(rowFactors) * products;
}

var<workgroup> tables: array<vec2<u32>, ${tableRoom}>;

/** Lookups of a byte for eight queries. A lookup is 0 to 63, so two fit into a byte. */
fn look(entry: u32, byte: u32) -> vec4<u32> {
  let both = tables[entry + (byte & 15u)] + tables[entry + 16u + (byte >> 4u)];
  return vec4<u32>(both & vec2<u32>(0x00ff00ffu), (both >> vec2<u32>(8u)) & vec2<u32>(0x00ff00ffu));
}

/** The highest estimate in each block of a page, as a key; 0 for a block of which no row takes part. A thread has four rows. */
@compute @workgroup_size(${threads})
fn findMaxima(@builtin(workgroup_id) tile: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let local = tile.x * ${tileBlocks}u + thread / 16u;
  let block = blocks[page.first + local];
  let row = (thread & 15u) * 4u;
  let wanted = (select(block.low, block.high, row >= 32u) >> (row & 31u)) & 15u;
  let group = local * ${blockRows / groupRows}u + ((thread >> 2u) & 3u);
  let at = group * ${bytes * 4}u + (thread & 3u);
  ${rows.map((lane) => `var sums${lane} = vec4<u32>(0u);`).join(' ')}
  for (var start = 0u; start < ${bytes}u; start += ${chunkBytes}u) {
    let length = min(${chunkBytes}u, ${bytes}u - start);
    let source = tile.y * ${octetWords(dimension)}u + start * ${entriesPerByte * 2}u;
    workgroupBarrier();
    for (var index = thread; index < length * ${entriesPerByte}u; index += ${threads}u) {
      tables[index] = vec2<u32>(queries[source + index * 2u], queries[source + index * 2u + 1u]);
    }
    workgroupBarrier();
    if (wanted != 0u) {
      for (var index = 0u; index < length; index++) {
        let word = codes[at + (start + index) * 4u];
        let entry = index * ${entriesPerByte}u;
        ${rows.map((lane) => `sums${lane} += look(entry, (word >> ${lane * 8}u) & 255u);`).join('\n        ')}
      }
    }
  }
  let firstRow = local * ${blockRows}u + row;
  let rowFactors = vec4<u32>(${rows.map((lane) => `factors[firstRow + ${lane}u]`).join(', ')});
  let taken = ((vec4<u32>(wanted) >> vec4<u32>(0u, 1u, 2u, 3u)) & vec4<u32>(1u)) != vec4<u32>(0u);
  // The tables are not needed any more: their place takes the maxima of all threads, two queries an element.
  workgroupBarrier();
  for (var index = 0u; index < ${octet}u; index++) {
    let element = (index & 1u) * 2u + (index >> 2u);
    let packed = vec4<u32>(${rows.map((lane) => `sums${lane}[element]`).join(', ')});
    let sums = (packed >> vec4<u32>((index & 2u) * 8u)) & vec4<u32>(0xffffu);
    let keys = select(vec4<u32>(0u), toKeys(estimate(tile.y * ${octet}u + index, block.part, rowFactors, sums)), taken);
    tables[(index / 2u) * ${threads}u + thread][index & 1u] = max(max(keys.x, keys.y), max(keys.z, keys.w));
  }
  workgroupBarrier();
  if (thread < ${tileBlocks * (octet / 2)}u) {
    let pair = thread / ${tileBlocks}u;
    let inTile = thread % ${tileBlocks}u;
    var highest = vec2<u32>(0u);
    for (var index = 0u; index < 16u; index++) { highest = max(highest, tables[pair * ${threads}u + inTile * 16u + index]); }
    let query = tile.y * ${octet}u + pair * 2u;
    let place = page.first + tile.x * ${tileBlocks}u + inTile;
    if (query < params.queries) { maxima[query * params.blocks + place] = highest.x; }
    if (query + 1u < params.queries) { maxima[(query + 1u) * params.blocks + place] = highest.y; }
  }
}

var<workgroup> counts: array<atomic<u32>, 256>;
var<workgroup> prefix: u32;
var<workgroup> remaining: u32;
var<workgroup> reached: atomic<u32>;

/** The threshold of a query, by a radix selection among the block maxima, and the blocks that reach it. */
@compute @workgroup_size(256)
fn choose(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let query = workgroup.x;
  let start = query * params.blocks;
  if (thread == 0u) {
    prefix = 0u;
    remaining = params.capacity;
    atomicStore(&reached, 0u);
  }
  for (var round = 0u; round < 4u; round++) {
    let shift = 24u - 8u * round;
    atomicStore(&counts[thread], 0u);
    workgroupBarrier();
    let high = prefix;
    for (var index = thread; index < params.blocks; index += 256u) {
      let key = maxima[start + index];
      if (round == 0u || (key >> (shift + 8u)) == high) { atomicAdd(&counts[(key >> shift) & 255u], 1u); }
    }
    workgroupBarrier();
    if (thread == 0u) {
      var digit = 255u;
      var left = remaining;
      for (; digit > 0u; digit--) {
        let count = atomicLoad(&counts[digit]);
        if (count >= left) { break; }
        left -= count;
      }
      prefix = (high << 8u) | digit;
      remaining = left;
    }
    workgroupBarrier();
  }
  // 0: fewer blocks than rows wanted; then every row may be among the best.
  var lowest = -3.0e38;
  if (prefix != 0u) { lowest = fromKey(prefix) - bitcast<f32>(queries[params.constants + query * 4u + 2u]); }
  let lowestKey = toKeys(vec4<f32>(lowest)).x;
  let list = query * (${chosenHead}u + params.room);
  for (var index = thread; index < params.blocks; index += 256u) {
    if (maxima[start + index] >= lowestKey) {
      let place = atomicAdd(&reached, 1u);
      if (place < params.room) { chosen[list + ${chosenHead}u + place] = index; }
    }
  }
  workgroupBarrier();
  if (thread == 0u) {
    let number = atomicLoad(&reached);
    chosen[list] = min(number, params.room);
    chosen[list + 1u] = bitcast<u32>(lowest);
    let head = query * (${foundHead}u + params.room * ${foundWords}u);
    atomicStore(&found[head], number);
    atomicStore(&found[head + 1u], 0u);
  }
}

/** The rows of a page's chosen blocks that reach the threshold. A thread has one row. */
@compute @workgroup_size(${blockRows})
fn collect(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) row: u32) {
  let query = workgroup.y;
  let list = query * (${chosenHead}u + params.room);
  let number = chosen[list];
  let lowest = bitcast<f32>(chosen[list + 1u]);
  let head = query * (${foundHead}u + params.room * ${foundWords}u);
  let table = (query / ${octet}u) * ${octetWords(dimension)}u + ((query >> 2u) & 1u);
  let shift = (query & 3u) * 8u;
  for (var index = workgroup.x; index < number; index += ${collectors}u) {
    let place = chosen[list + ${chosenHead}u + index];
    if (place < page.first || place >= page.first + page.blocks) { continue; }
    let block = blocks[place];
    if (((select(block.low, block.high, row >= 32u) >> (row & 31u)) & 1u) == 0u) { continue; }
    let local = place - page.first;
    let at = (local * ${blockRows / groupRows}u + row / 16u) * ${bytes * 4}u + (row & 15u) / 4u;
    var sum = 0u;
    for (var byte = 0u; byte < ${bytes}u; byte++) {
      let code = (codes[at + byte * 4u] >> ((row & 3u) * 8u)) & 255u;
      let entry = table + byte * ${entriesPerByte * 2}u;
      sum += (queries[entry + (code & 15u) * 2u] >> shift) & 255u;
      sum += (queries[entry + 32u + (code >> 4u) * 2u] >> shift) & 255u;
    }
    let factor = factors[local * ${blockRows}u + row];
    if (estimate(query, block.part, vec4<u32>(factor), vec4<u32>(sum)).x < lowest) { continue; }
    let next = atomicAdd(&found[head + 1u], 1u);
    if (next >= params.room) { continue; }
    let entryAt = head + ${foundHead}u + next * ${foundWords}u;
    atomicStore(&found[entryAt], place * ${blockRows}u + row);
    atomicStore(&found[entryAt + 1u], sum);
    atomicStore(&found[entryAt + 2u], factor);
  }
}
`;
}
