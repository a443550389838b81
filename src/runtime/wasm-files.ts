// Addresses of the ONNX Runtime binaries, emitted beside the workers by the build.
// The plain build is half the size and faster on the CPU; WebGPU needs the asyncify build.
import asyncifyMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import plainMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import plainWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Device } from '../spec/model.ts';

/** The glue module and the binary for a device. */
export function wasmFiles(device: Device): { mjs: string; wasm: string } {
  return device === 'webgpu' ? { mjs: asyncifyMjs, wasm: asyncifyWasm } : { mjs: plainMjs, wasm: plainWasm };
}
