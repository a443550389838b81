// Talks to the worker that calls transformers.js plainly.
import { wasmFiles } from '../../src/runtime/wasm-files.ts';
import { modelBase } from './ask.ts';
import type { PlainResult, PlainTask } from './plain.worker.ts';

/** Starts the worker; tasks run one after the other. */
export function startPlain(settings: Pick<PlainTask, 'device' | 'dtype' | 'model' | 'threads'>) {
  const worker = new Worker(new URL('./plain.worker.ts', import.meta.url), { type: 'module' });
  // The asyncify build is the library's own default on every device.
  // As a path: with a whole address the library leaves the tokenizer out without a word.
  const common = { ...settings, models: new URL(modelBase).pathname, wasm: wasmFiles('webgpu') };
  return {
    run: (work: PlainTask['work']): Promise<PlainResult> =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.result));
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage({ ...common, work } satisfies PlainTask);
      }),
    close: () => worker.terminate(),
  };
}
