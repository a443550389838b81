// The SIMD kernel in AssemblyScript. It owns no memory layout: callers give the address of everything, and every address may
// be followed by 16 bytes that are read and thrown away. `rotation.ts`, `scalar-rows.ts` and `scalar-kernel.ts` say the same in
// plain TypeScript, bit for bit.

export { count, resume } from './found.ts';
export { rotate } from './rotate.ts';
export { encodeCodes, encodeRows, sumRows } from './rows.ts';
export { scanCodes } from './scan-codes.ts';
export { dots, scanRows } from './scan-rows.ts';
