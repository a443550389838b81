// The contract of `Llm` on a real server, where one is named: INPAGE_OPENAI_URL=http://localhost:8080/v1 npm test -- browser
// with INPAGE_OPENAI_DIALECT (openai, vllm, llama.cpp, ollama), INPAGE_OPENAI_MODEL and INPAGE_OPENAI_KEY as it needs them, and in
// INPAGE_OPENAI_SKIP what it is known not to do: "overflow" for Ollama and Python's llama.cpp server, which do not say that a
// prompt is too long; "prefixCache" for llama.cpp started without its cache.
import { describe, inject, test } from 'vitest';
import { openAiCompatible } from '../../src/llm/openai-compatible.ts';
import type { OpenAiDialect } from '../../src/runtime/openai-server.ts';
import { testLlm } from '../contract/test-llm.ts';

const real = inject('realOpenAiServer');

if (real) {
  const { dialect = 'openai', skip, ...place } = real;
  testLlm(`openai-compatible-real-${dialect}`, {
    create: () => openAiCompatible({ ...place, dialect: dialect as OpenAiDialect }),
    skip: Object.fromEntries(skip.map((name) => [name, 'named in INPAGE_OPENAI_SKIP'])),
    timeout: 300_000,
  });
} else {
  describe('contract of Llm on a real server', () => {
    test.skip('INPAGE_OPENAI_URL names none', () => {});
  });
}
