// A rotated query, rounded to integers for scores of rows and to small lookup tables for estimates from codes.
import { codeBytes, type PreparedQuery } from './kernel.ts';

/** Largest lookup: four of them fit into a byte. */
const largestLookup = 63;
const largestSum = 65_535;

/** Σ |integer| × 127 stays below 2³¹. */
const largestIntegerSum = Math.floor((2 ** 31 - 1) / 127);

/**
 * The lookups of a half byte are the sums of ±query over its four components, counted in `tableStep` from the smallest of them;
 * one step serves all tables, so sums of lookups can be added. (As "fast scan": André, Kermarrec and Le Scouarnec, VLDB 2015.)
 * @param rotated finite components
 */
export function prepareQuery(rotated: Float32Array): PreparedQuery {
  return { rotated, ...toIntegers(rotated), ...toTables(rotated) };
}

function toIntegers(rotated: Float32Array): Pick<PreparedQuery, 'integers' | 'integerScale'> {
  let largest = 0;
  let sum = 0;
  for (let index = 0; index < rotated.length; index++) {
    const magnitude = Math.abs(rotated[index]!);
    if (magnitude > largest) largest = magnitude;
    sum += magnitude;
  }
  // Rounding adds half a step a component at most.
  const integerScale = Math.max(largest / 32_767, sum / (largestIntegerSum - rotated.length)) || 1;
  const integers = new Int16Array(rotated.length);
  for (let index = 0; index < rotated.length; index++) integers[index] = Math.round(rotated[index]! / integerScale);
  return { integers, integerScale };
}

function toTables(rotated: Float32Array): Pick<PreparedQuery, 'tables' | 'tableStep' | 'tableBase'> {
  const halves = 2 * codeBytes(rotated.length);
  const components = new Float64Array(4 * halves);
  components.set(rotated);
  let largest = 0;
  let sum = 0;
  for (let at = 0; at < components.length; at += 4) {
    const span = 2 * magnitude(components, at);
    if (span > largest) largest = span;
    sum += span;
  }
  const tableStep = Math.fround(Math.max(largest / largestLookup, sum / (largestSum - halves))) || 1;
  const tables = new Uint8Array(16 * halves);
  const lookups = new Float64Array(16);
  for (let half = 0; half < halves; half++) {
    const at = 4 * half;
    // Without any bit: all components are subtracted. A bit adds its component instead.
    lookups[0] = magnitude(components, at) - (components[at]! + components[at + 1]! + components[at + 2]! + components[at + 3]!);
    for (let bit = 0; bit < 4; bit++) {
      const change = 2 * components[at + bit]!;
      for (let low = 0; low < 1 << bit; low++) lookups[low + (1 << bit)] = lookups[low]! + change;
    }
    for (let bits = 0; bits < 16; bits++) tables[16 * half + bits] = Math.round(lookups[bits]! / tableStep);
  }
  return { tables, tableStep, tableBase: Math.fround(-sum / 2) };
}

/** Σ |component| of a half byte. */
function magnitude(components: Float64Array, at: number): number {
  return (
    Math.abs(components[at]!) + Math.abs(components[at + 1]!) + Math.abs(components[at + 2]!) + Math.abs(components[at + 3]!)
  );
}
