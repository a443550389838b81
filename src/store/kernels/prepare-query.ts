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
  for (const component of rotated) {
    largest = Math.max(largest, Math.abs(component));
    sum += Math.abs(component);
  }
  // Rounding adds half a step a component at most.
  const integerScale = Math.max(largest / 32_767, sum / (largestIntegerSum - rotated.length)) || 1;
  return { integers: Int16Array.from(rotated, (component) => Math.round(component / integerScale)), integerScale };
}

function toTables(rotated: Float32Array): Pick<PreparedQuery, 'tables' | 'tableStep' | 'tableBase'> {
  const halves = 2 * codeBytes(rotated.length);
  const spans = new Float64Array(halves);
  let largest = 0;
  let sum = 0;
  for (let half = 0; half < halves; half++) {
    for (let index = 4 * half; index < 4 * half + 4; index++) spans[half]! += 2 * Math.abs(rotated[index] ?? 0);
    largest = Math.max(largest, spans[half]!);
    sum += spans[half]!;
  }
  const tableStep = Math.fround(Math.max(largest / largestLookup, sum / (largestSum - halves))) || 1;
  const tables = new Uint8Array(16 * halves);
  const lookups = new Float64Array(16);
  for (let half = 0; half < halves; half++) {
    const components = Array.from({ length: 4 }, (_, bit) => rotated[4 * half + bit] ?? 0);
    lookups[0] = components.reduce((rest, component) => rest - component, spans[half]! / 2);
    for (let bit = 0; bit < 4; bit++) {
      for (let low = 0; low < 1 << bit; low++) lookups[low + (1 << bit)] = lookups[low]! + 2 * components[bit]!;
    }
    for (let bits = 0; bits < 16; bits++) tables[16 * half + bits] = Math.round(lookups[bits]! / tableStep);
  }
  return { tables, tableStep, tableBase: Math.fround(-sum / 2) };
}
