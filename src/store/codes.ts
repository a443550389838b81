// Codes of a segment as bytes, and in the memory of a kernel.
import type { SegmentHead } from './disk/segment-head.ts';
import { type Block, groupRows, type Kernel } from './kernels/kernel.ts';

/** Codes and factors as the blocks of a kernel hold them: of whole groups, the last padded with zeros. */
export interface CodeBytes {
  codes: Uint8Array<ArrayBuffer>;
  factors: Uint8Array<ArrayBuffer>;
}

/** In blocks of a kernel. */
export interface LocalCodes {
  readonly shard?: undefined;
  readonly codes: Block;
  readonly factors: Block;
  free(): void;
}

/** Views of the bytes of a head, but for what needs padding. */
export function codesOfHead({ rows, codes, factors }: SegmentHead): CodeBytes {
  const padded = new Float32Array(Math.ceil(rows / groupRows) * groupRows);
  padded.set(factors);
  return { codes: codes as Uint8Array<ArrayBuffer>, factors: new Uint8Array(padded.buffer) };
}

/** Copies codes into the memory of a kernel. @throws InpageError `device-unavailable` where there is no more memory */
export function openCodes(kernel: Kernel, bytes: CodeBytes): LocalCodes {
  const codes = kernel.allocate(bytes.codes.length);
  codes.bytes().set(bytes.codes);
  const factors = kernel.allocate(bytes.factors.length);
  factors.bytes().set(bytes.factors);
  const free = () => {
    codes.free();
    factors.free();
  };
  return { codes, factors, free };
}

/** A copy out of the memory of a kernel. */
export function copyCodes({ codes, factors }: LocalCodes): CodeBytes {
  return { codes: codes.bytes().slice() as CodeBytes['codes'], factors: factors.bytes().slice() as CodeBytes['factors'] };
}
