// The test page is what the other browser tests rely on.
import { expect, test } from 'vitest';

test('the page is cross-origin isolated and has a WebGPU adapter', async () => {
  expect(crossOriginIsolated).toBe(true);
  expect(await (navigator as unknown as { gpu: { requestAdapter(): Promise<unknown> } }).gpu.requestAdapter()).toBeTruthy();
});
