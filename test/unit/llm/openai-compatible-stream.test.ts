import { readFileSync } from 'node:fs';
import { createParser } from 'eventsource-parser';
import { describe, expect, test } from 'vitest';
import { readChat } from '../../../src/llm/openai-compatible-stream.ts';

/** Reads events to the end of the answer. */
async function read(events: readonly (string | object)[]) {
  const chat = readChat(
    (async function* () {
      for (const event of events) yield typeof event === 'string' ? event : JSON.stringify(event);
    })(),
  );
  const pieces: string[] = [];
  let step = await chat.next();
  for (; !step.done; step = await chat.next()) pieces.push(step.value);
  return { pieces, end: step.value };
}

const piece = (delta: object, finish_reason: string | null = null) => ({ choices: [{ index: 0, delta, finish_reason }] });

test("a stream that was recorded of Python's llama.cpp server", async () => {
  const text = readFileSync(new URL('../../fixtures/openai/llama-cpp-python-0.3.36.sse', import.meta.url), 'utf8');
  const events: string[] = [];
  createParser({ onEvent: ({ data }) => events.push(data) }).feed(text);
  const { pieces, end } = await read(events);
  expect(pieces).toHaveLength(12);
  expect(pieces.join('')).toBe('Je suis en français, je le rares');
  expect(end).toEqual({ cut: true, usage: undefined });
});

describe('what servers send besides text', () => {
  test('roles, nothing, thoughts and timings are passed over; usage is read where it comes', async () => {
    const usage = { prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } };
    const { pieces, end } = await read([
      piece({ role: 'assistant', content: null }),
      piece({ reasoning_content: 'Hm.' }),
      piece({ content: '' }),
      piece({ content: 'Hello' }),
      { object: 'ping' },
      'null',
      piece({ content: '.' }, 'stop'),
      { choices: [], usage, timings: { predicted_n: 2 } },
      '[DONE]',
      'not read any more',
    ]);
    expect(pieces).toEqual(['Hello', '.']);
    expect(end).toEqual({ cut: false, usage: { promptTokens: 9, completionTokens: 2, cachedTokens: 4 } });
  });

  test('an end without [DONE]', async () => {
    expect((await read([piece({ content: 'Hello' }), piece({}, 'length')])).end.cut).toBe(true);
  });

  test.each([
    ['an error as an object', { error: { message: 'Out of memory', code: 500 } }, 'remote-failed', 'Out of memory'],
    ['an error as a text', { error: 'Out of memory' }, 'remote-failed', 'Out of memory'],
    ['an overflow', { error: { message: 'Too much', type: 'exceed_context_size_error' } }, 'context-overflow', 'Shorten'],
  ])('%s', async (_what, event, code, message) => {
    await expect(read([piece({ content: 'Hello' }), event])).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
