/// <reference path="./assembly.d.ts" />
// The compiled SIMD kernel: typed, instantiated on a memory of its own.
import { InpageError } from '../../util/errors.ts';
import base64 from './assembly/index.ts?assembly';

/** What `assembly/index.ts` exports; parameters are described there. Addresses, counts and results are 32-bit integers. */
export interface SimdExports {
  readonly count: WebAssembly.Global<'i32'>;
  resume(count: number, threshold: number): void;
  rotate(vector: number, dimension: number, window: number, factors: number, rounds: number): void;
  encodeRows(
    vectors: number,
    rows: number,
    dimension: number,
    window: number,
    factors: number,
    rounds: number,
    limits: number,
    inverses: number,
    sizes: number,
    bytes: number,
    scales: number,
  ): void;
  sumRows(bytes: number, scales: number, rows: number, dimension: number, sizes: number, sums: number): void;
  encodeCodes(
    bytes: number,
    scales: number,
    rows: number,
    dimension: number,
    sizes: number,
    centroid: number,
    codes: number,
    factors: number,
  ): void;
  scanCodes(
    codes: number,
    factors: number,
    rows: number,
    group: number,
    codeBytes: number,
    tables: number,
    tableBase: number,
    tableStep: number,
    offset: number,
    first: number,
    mask: number,
    scores: number,
    positions: number,
    limit: number,
  ): number;
  scanRows(
    query: number,
    bytes: number,
    scales: number,
    rows: number,
    row: number,
    dimension: number,
    sizes: number,
    integerScale: number,
    first: number,
    mask: number,
    scores: number,
    positions: number,
    limit: number,
  ): number;
  dots(query: number, bytes: number, dimension: number, indices: number, length: number, results: number): void;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiles it, once. @throws InpageError `device-unavailable` where WebAssembly or its SIMD instructions are missing or forbidden */
export async function compileSimd(): Promise<WebAssembly.Module> {
  try {
    compiled ??= WebAssembly.compile(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
    return await compiled;
  } catch (cause) {
    compiled = undefined;
    throw new InpageError(
      'device-unavailable',
      "WebAssembly with SIMD cannot be used here. A Content-Security-Policy must allow it: script-src 'wasm-unsafe-eval'.",
      { cause },
    );
  }
}

/** An instance on a memory; at once, as a transaction cannot wait for it. */
export function instantiateSimd(module: WebAssembly.Module, memory: WebAssembly.Memory): SimdExports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as SimdExports;
}
