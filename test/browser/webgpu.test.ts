// The models on WebGPU: a real adapter in software here, so only short work.
import { expect, test } from 'vitest';
import { transformersEmbedder } from '../../src/client/transformers-embedder.ts';
import { transformersLlm } from '../../src/client/transformers-llm.ts';

test('embeddings on WebGPU mean the same as on WASM', async () => {
  const texts = ['How do I reset my password?', 'Bananas are yellow.'];
  const run = async (device: 'webgpu' | 'wasm') => {
    const embedder = transformersEmbedder({ device });
    try {
      expect(await embedder.load()).toMatchObject({ device, dtype: device === 'webgpu' ? 'q4' : 'q8' });
      return (await embedder.embed(texts)).data;
    } finally {
      await embedder.close();
    }
  };
  const [gpu, cpu] = [await run('webgpu'), await run('wasm')];
  for (const row of [0, 1]) {
    let cosine = 0;
    for (let d = 0; d < 384; d++) cosine += gpu[row * 384 + d]! * cpu[row * 384 + d]!;
    expect(cosine).toBeGreaterThan(0.97);
  }
});

test('the chat model answers on WebGPU', async () => {
  const llm = transformersLlm({ device: 'webgpu' });
  try {
    const info = await llm.load();
    expect(info).toMatchObject({ device: 'webgpu', software: true });
    let text = '';
    for await (const event of llm.generate([{ role: 'user', content: 'Say: the page is open.' }], { maxTokens: 6 })) {
      if (event.type === 'token') text += event.text;
    }
    expect(text.trim()).not.toBe('');
  } finally {
    await llm.close();
  }
}, 300_000);
