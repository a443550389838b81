// An assistant whose models are on a server: nothing is loaded on this device, and the store's worker asks the page for vectors.
import { expect, inject, test } from 'vitest';
import { createAssistant } from '../../src/client/create-assistant.ts';
import { openAiCompatibleEmbedder } from '../../src/embed/openai-compatible-embedder.ts';
import { openAiCompatible } from '../../src/llm/openai-compatible.ts';

test('documents are added, found and asked', async () => {
  const baseUrl = `${inject('openAiServer')}/ok.assistant/vllm/v1`;
  const assistant = await createAssistant({
    name: 'on-a-server',
    llm: openAiCompatible({ baseUrl, dialect: 'vllm' }),
    embedder: openAiCompatibleEmbedder({ baseUrl }),
  });
  try {
    await assistant.add([
      { title: 'Boats', text: 'The blue boat leaves the harbour at nine.' },
      { title: 'Trees', text: 'The old oak loses its leaves in autumn.' },
    ]);
    const [best] = await assistant.search('blue boat harbour', { mode: 'dense' });
    expect(best?.text).toContain('blue boat');
    const seen: string[] = [];
    for await (const { type } of assistant.ask('When does the blue boat leave?', { generation: { maxTokens: 8 } }))
      seen.push(type);
    expect(seen).toEqual(expect.arrayContaining(['retrieval', 'token', 'done']));
  } finally {
    await assistant.clear();
    await assistant.close();
  }
});
