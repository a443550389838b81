// Loading with the real web-llm, as far as one comes without a model: what it is given, what it asks for, and its own errors by name.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { webLlm, webLlmRequest } from '../../src/client/web-llm.ts';
import { webLlmEmbedder } from '../../src/client/web-llm-embedder.ts';
import { createWebLlm } from '../../src/llm/web-llm.ts';
import { probeDevice } from '../../src/runtime/device.ts';
import { pageWorkers } from '../../src/runtime/spawn.ts';
import type { LoadProgress } from '../../src/spec/model.ts';
import { mlcBase, otherVersion, writeMlcFolder, writeMlcManifest } from '../support/mlc-folder.ts';

const source = { base: mlcBase };
const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error) => error);

beforeAll(async () => {
  await writeMlcManifest({});
  await writeMlcFolder('no-library');
  await writeMlcFolder('other-version', otherVersion);
  await writeMlcFolder('no-wasm', btoa('this is no module'));
  await writeMlcFolder('half-q4f16_1', otherVersion, { quantization: 'q4f16_1' });
  await writeMlcFolder('pair-q4f16_1', otherVersion, { quantization: 'q4f16_1' });
  await writeMlcFolder('pair-q4f32_1', otherVersion, { quantization: 'q4f32_1' });
});

describe('in its worker', () => {
  test('a model that is not there is named, with its address', async () => {
    const llm = webLlm({ model: 'nothing', source });
    expect(await failure(llm.load())).toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining(`${mlcBase}nothing/mlc-chat-config.json`),
    });
    await llm.close();
  });

  test('so is a library that is not there', async () => {
    const llm = webLlm({ model: 'no-library', source });
    expect(await failure(llm.load())).toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining('no-library/no-library.wasm'),
    });
    await llm.close();
  });

  test('files are downloaded and checked before web-llm begins; its refusal of a library says what to do, every time', async () => {
    const llm = webLlm({ model: 'other-version', source });
    const progress: LoadProgress[] = [];
    const refused = {
      code: 'model-load-failed',
      message: expect.stringMatching(/does not fit this version of web-llm.+"env" "missing".+v0_2_86/),
    };
    expect(await failure(llm.load({ onProgress: (step) => progress.push(step) }))).toMatchObject(refused);
    expect([...new Set(progress.map(({ phase }) => phase))]).toEqual(['probe', 'download', 'compile']);
    const files = progress.flatMap((step) => (step.phase === 'download' ? [step.file] : []));
    expect(new Set(files)).toEqual(new Set(['other-version.wasm', 'tokenizer.json', 'params_shard_0.bin']));
    expect(await failure(llm.load())).toMatchObject(refused);
    await llm.close();
  });

  test('a library that is no WebAssembly', async () => {
    const llm = webLlm({ model: 'no-wasm', source });
    expect(await failure(llm.load())).toMatchObject({
      code: 'model-load-failed',
      message: expect.stringContaining('WebAssembly.instantiate()'),
    });
    await llm.close();
  });

  test('nothing is downloaded without consent', async () => {
    await writeMlcFolder('asked', otherVersion);
    const asked: string[] = [];
    const llm = webLlm({
      model: 'asked',
      source,
      confirmDownload({ files }) {
        asked.push(...files.map(({ path }) => path));
        return false;
      },
    });
    expect(await failure(llm.load())).toMatchObject({ code: 'download-declined' });
    expect(asked).toEqual(['asked.wasm', 'tokenizer.json', 'params_shard_0.bin']);
    await llm.close();
  });

  test('its death in the middle of loading is survived', async () => {
    const workers: Worker[] = [];
    const llm = webLlm({
      model: 'other-version',
      source,
      createWorker() {
        workers.push(pageWorkers.llm());
        return workers.at(-1)!;
      },
    });
    const load = failure(llm.load({ onProgress: () => workers.length === 1 && workers[0]!.terminate() }));
    // The model is loaded again in a new worker, which web-llm ends in its own way.
    expect(await load).toMatchObject({ code: 'model-load-failed' });
    expect(workers.length).toBeGreaterThan(1);
    await llm.close();
  });
});

test('embeddings come to the same place by their own worker', async () => {
  const embedder = webLlmEmbedder({ model: 'other-version', source });
  expect(await failure(embedder.load())).toMatchObject({
    code: 'model-load-failed',
    message: expect.stringContaining('v0_2_86'),
  });
  expect('embedTokens' in embedder).toBe(false);
  await embedder.close();
});

describe('on this page', () => {
  test('web-llm finds every file as if it had cached it, requests none and stores none', async () => {
    const llm = createWebLlm(webLlmRequest({ model: 'other-version', source }));
    expect(await failure(llm.load())).toMatchObject({ code: 'model-load-failed' });
    performance.clearResourceTimings();
    expect(await failure(llm.load())).toMatchObject({ code: 'model-load-failed' });
    const requests = performance.getEntriesByType('resource').map(({ name }) => name);
    expect(requests.filter((name) => /mlc|\.invalid/.test(name) && !name.endsWith('manifest.json'))).toEqual([]);
    expect((await caches.keys()).filter((name) => name.startsWith('webllm/'))).toEqual([]);
  });

  test('without float16 on the GPU its float32 twin is taken, or named', async ({ skip }) => {
    const { webgpu } = await probeDevice();
    skip(webgpu.features.includes('shader-f16'), 'this GPU has float16');
    const alone = createWebLlm(webLlmRequest({ model: 'half-q4f16_1', source }));
    expect(await failure(alone.plan())).toMatchObject({ code: 'device-unavailable', detail: { feature: 'shader-f16' } });
    await writeMlcManifest({ 'pair-q4f32_1/pair-q4f32_1.wasm': { bytes: atob(otherVersion).length } });
    const pair = createWebLlm(webLlmRequest({ model: 'pair-q4f16_1', source }));
    expect(await pair.plan()).toMatchObject({ model: 'pair-q4f32_1' });
    const named = createWebLlm(webLlmRequest({ model: 'pair-q4f16_1', source, device: 'webgpu' }));
    expect(await failure(named.plan())).toMatchObject({ code: 'device-unavailable', detail: { twin: 'pair-q4f32_1' } });
  });

  test('an id that web-llm knows is looked for on the hub, its library where web-llm has it', async () => {
    const hub = 'https://huggingface.co/mlc-ai/Llama-3.2-1B-Instruct-q4f32_1-MLC/resolve/main/';
    const served: Record<string, unknown> = {
      [`${hub}mlc-chat-config.json`]: {
        quantization: 'q4f32_1',
        context_window_size: 131072,
        tokenizer_files: ['tokenizer.json'],
      },
      [`${hub}tensor-cache.json`]: { records: [{ dataPath: 'params_shard_0.bin', nbytes: 1_000_000 }] },
    };
    const { fetch } = globalThis;
    const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      if (!url.startsWith('https://')) return fetch(input, init);
      return url in served ? Response.json(served[url]) : new Response(null, { status: 404 });
    });
    const llm = createWebLlm(webLlmRequest({ model: 'Llama-3.2-1B-Instruct-q4f32_1-MLC', source }));
    const { model, files } = await llm.plan();
    fetching.mockRestore();
    expect(model).toBe('mlc-ai/Llama-3.2-1B-Instruct-q4f32_1-MLC');
    expect(files.map(({ url }) => url)).toEqual([
      expect.stringMatching(/^https:\/\/raw\.githubusercontent\.com\/.+v0_2_86.+Llama-3\.2-1B-Instruct-q4f32_1.+\.wasm$/),
      `${hub}tokenizer.json`,
      `${hub}params_shard_0.bin`,
    ]);
    expect(files[2]!.bytes).toBe(1_000_000);
  });

  test('only WebGPU will do', async () => {
    const request = { ...webLlmRequest({ model: 'other-version', source }), device: 'wasm' as const };
    expect(await failure(createWebLlm(request).plan())).toMatchObject({ code: 'device-unavailable' });
  });
});
