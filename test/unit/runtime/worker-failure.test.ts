// Messages as the libraries write them: onnxruntime-web 1.31, Dawn (Chromium), V8, web-llm 0.2.86, wllama 3.13.
import { describe, expect, test } from 'vitest';
import { isWorkerFailure, nameFailure } from '../../../src/runtime/worker-failure.ts';
import { InpageError } from '../../../src/util/errors.ts';

const lost = [
  'WebGPU device lost (2): Device was destroyed.',
  'Failed to get a WebGPU device: A valid external Instance reference no longer exists.',
  "Failed to execute 'mapAsync' on 'GPUBuffer': [Device] is lost.",
  'map_async_result.status == wgpu::MapAsyncStatus::Success was false. Failed to download data from buffer. wgpu::MapAsyncStatus value: 3',
  'The WebGPU device was lost while loading the model. This issue often occurs due to running out of memory (OOM). To resolve this, try reloading with a model that has fewer parameters or uses a smaller context length.',
  'ggml_webgpu: Device lost! Reason: 2, Message: Device was destroyed.',
];
const memory = [
  "Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc",
  'failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: Failed to allocate memory for requested buffer of size 1073741824',
  'WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance',
  'WebAssembly.Memory(): could not allocate memory',
  'Array buffer allocation failed',
  'WebAssembly.Memory.grow(): Maximum memory size exceeded',
  'Aborted(OOM)',
  'ggml_aligned_malloc: failed to allocate 512.00 MB',
  'memory access out of bounds',
];
const neither = [
  'Cannot read properties of undefined (reading "dims")',
  'Unsupported model type: bloom',
  'invalid expand shape',
  'The device has no float16.',
  'Non-zero status code returned while running Reshape node.',
];

describe('naming failures', () => {
  test.each(lost)('a lost device: %s', (text) => {
    expect(nameFailure(new Error(text))).toMatchObject({ code: 'device-lost' });
  });

  test.each(memory)('too little memory: %s', (text) => {
    expect(nameFailure(new RangeError(text))).toMatchObject({ code: 'out-of-memory' });
  });

  test.each(neither)('something else stays what it is: %s', (text) => {
    const error = new Error(text);
    expect(nameFailure(error)).toBe(error);
    const typed = new InpageError('generation-failed', text);
    expect(nameFailure(typed)).toBe(typed);
  });

  test('the text may be that of a cause; the details stay', () => {
    const cause = new Error('outer', { cause: new Error('std::bad_alloc') });
    const failed = new InpageError('model-load-failed', 'The model "x" could not be started.', { cause, detail: { model: 'x' } });
    const named = nameFailure(failed) as InpageError;
    expect(named).toMatchObject({ code: 'out-of-memory', detail: { model: 'x' }, cause: failed });
    expect(named.message).toContain('The model "x" could not be started.');
  });

  test('what has a name keeps it, and so does what is no error', () => {
    const typed = new InpageError('context-overflow', 'A prompt about running out of memory is too long.');
    expect(nameFailure(typed)).toBe(typed);
    expect(nameFailure('std::bad_alloc')).toMatchObject({ code: 'out-of-memory' });
    expect(nameFailure(undefined)).toBeUndefined();
  });
});

test('only failures of the worker as a whole end it', () => {
  for (const code of ['device-lost', 'out-of-memory', 'no-progress', 'worker-died', 'generation-failed'] as const)
    expect(isWorkerFailure(new InpageError(code, ''))).toBe(true);
  for (const code of ['context-overflow', 'closed', 'model-not-found', 'worker-failed', 'output-invalid'] as const)
    expect(isWorkerFailure(new InpageError(code, ''))).toBe(false);
  expect(isWorkerFailure(new DOMException('', 'AbortError'))).toBe(false);
  expect(isWorkerFailure(undefined)).toBe(false);
});
