// The tiny compiled model answers on web-llm as its reference did.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { webLlm } from '../../src/client/web-llm.ts';
import type { GenerateEvent } from '../../src/spec/llm.ts';
import answers from '../fixtures/mlc-tiny/tiny-llama-q0f32/expected.json';
import { tinyMlc } from '../support/tiny-mlc.ts';

const llm = webLlm(tinyMlc);
// Shaders are compiled here, which takes its time on a GPU emulated on the CPU.
beforeAll(() => llm.load().then(() => undefined), 600_000);
afterAll(() => llm.close());

for (const { prompt, promptTokens, ids, text } of answers) {
  const name = prompt.length > 60 ? `${promptTokens} tokens, more than are read at once` : prompt;
  test(`greedy tokens after: ${name}`, { timeout: 120_000 }, async () => {
    let last: GenerateEvent | undefined;
    const options = { temperature: 0, maxTokens: ids.length };
    for await (last of llm.generate([{ role: 'user', content: prompt }], options));
    expect(last).toMatchObject({ type: 'done', text, usage: { promptTokens, completionTokens: ids.length } });
  });
}
