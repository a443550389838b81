// Addresses of wllama's binary and of the script of its workers, emitted beside the workers by the build.
import engine from '@wllama/wllama/engine.js?url';
import wasm from '@wllama/wllama/esm/wasm/wllama.wasm?url';

/** The script of its workers and the binary. */
export const wllamaFiles = { engine, wasm };
