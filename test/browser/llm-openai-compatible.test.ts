// The contract of `Llm` on servers that speak OpenAI's API, each in its dialect, from a page of another origin.
import { inject } from 'vitest';
import { openAiCompatible } from '../../src/llm/openai-compatible.ts';
import { testLlm } from '../contract/test-llm.ts';

const server = inject('openAiServer');

for (const dialect of ['openai', 'vllm', 'llama.cpp', 'ollama'] as const) {
  testLlm(`openai-compatible-${dialect}`, {
    create: () => openAiCompatible({ baseUrl: `${server}/ok/${dialect}/v1`, dialect, contextTokens: 512 }),
    note: 'on the test server of this project, which speaks the dialect',
    skip: dialect === 'ollama' ? { overflow: 'Ollama cuts a prompt that is too long and says nothing' } : {},
  });
}
