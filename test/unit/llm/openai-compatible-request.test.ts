import { describe, expect, test } from 'vitest';
import { chatRequest, dialectCapabilities } from '../../../src/llm/openai-compatible-request.ts';
import type { PlainOutput } from '../../../src/prompt/plain-output.ts';
import type { OpenAiDialect } from '../../../src/runtime/openai-server.ts';

const messages = [{ role: 'user', content: 'Hello.' }] as const;
const body = (dialect: OpenAiDialect, options = {}, output?: PlainOutput) =>
  chatRequest('tiny', dialect, messages, options, output).body;

describe('sampling', () => {
  test('what a server has no name for is not sent', () => {
    const options = { temperature: 0.5, topP: 0.9, topK: 4, minP: 0.1, repetitionPenalty: 1.3, seed: 7, maxTokens: 9 };
    const basic = { model: 'tiny', messages, stream: true, max_tokens: 9, temperature: 0.5, top_p: 0.9, seed: 7 };
    const usage = { stream_options: { include_usage: true } };
    expect(body('openai', options)).toEqual({ ...basic, ...usage });
    expect(body('ollama', options)).toEqual({ ...basic, ...usage });
    expect(body('vllm', options)).toEqual({ ...basic, ...usage, top_k: 4, min_p: 0.1, repetition_penalty: 1.3 });
    expect(body('llama.cpp', options)).toEqual({ ...basic, ...usage, top_k: 4, min_p: 0.1, repeat_penalty: 1.3 });
  });

  test("without options generation is greedy and free of the server's own defaults", () => {
    expect(body('llama.cpp')).toMatchObject({ temperature: 0, top_p: 1, top_k: 0, min_p: 0, repeat_penalty: 1 });
    expect(body('vllm')).toMatchObject({ temperature: 0, top_k: -1, repetition_penalty: 1 });
  });

  test('as many stop texts as the server takes', () => {
    const stop = ['1', '2', '', '3', '4', '5'];
    expect(body('openai', { stop })).toMatchObject({ stop: ['1', '2', '3', '4'] });
    expect(body('vllm', { stop })).toMatchObject({ stop: ['1', '2', '3', '4', '5'] });
  });
});

describe('structured output', () => {
  const schema = { type: 'object' };
  const format = (value: object) => ({
    response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: value } },
  });
  const wrapped = (value: object) => ({
    type: 'object',
    properties: { value: { type: 'string', ...value } },
    required: ['value'],
    additionalProperties: false,
  });

  test('schemas', () => {
    for (const dialect of ['openai', 'ollama', 'vllm'] as const)
      expect(body(dialect, {}, { schema })).toMatchObject(format(schema));
    expect(body('llama.cpp', {}, { schema })).toMatchObject({ response_format: { type: 'json_object', schema } });
    expect(chatRequest('tiny', 'openai', messages, {}, { schema }).wrapped).toBe(false);
  });

  test('choices and patterns, in an object where the server knows only those', () => {
    const choice = ['a', 'b'];
    expect(body('vllm', {}, { choice })).toMatchObject({ structured_outputs: { choice } });
    expect(body('vllm', {}, { regex: 'a|b' })).toMatchObject({ structured_outputs: { regex: 'a|b' } });
    expect(chatRequest('tiny', 'vllm', messages, {}, { choice }).wrapped).toBe(false);
    expect(body('openai', {}, { choice })).toMatchObject(format(wrapped({ enum: choice })));
    expect(chatRequest('tiny', 'openai', messages, {}, { choice }).wrapped).toBe(true);
    // The object does not count as part of the answer.
    expect(body('openai', { maxTokens: 5 }, { choice })).toMatchObject({ max_tokens: 21 });
    expect(body('vllm', { maxTokens: 5 }, { choice })).toMatchObject({ max_tokens: 5 });
    expect(body('llama.cpp', {}, { regex: 'a|b' })).toMatchObject({
      response_format: { schema: wrapped({ pattern: '^(a|b)$' }) },
    });
  });

  test('what a dialect cannot do is refused, and its capabilities say so', () => {
    for (const dialect of ['openai', 'ollama'] as const) {
      expect(() => body(dialect, {}, { regex: 'a' })).toThrow(expect.objectContaining({ code: 'output-unsupported' }));
      expect(dialectCapabilities(dialect).output).toEqual(['schema', 'choice']);
    }
    expect(dialectCapabilities('vllm').output).toContain('regex');
    expect(dialectCapabilities('openai').sampling).toEqual(['temperature', 'topP', 'seed', 'stop']);
  });
});
