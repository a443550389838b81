import { describe, expect, test } from 'vitest';
import { responseFormat } from '../../../src/llm/web-llm-output.ts';
import { escapeMessages, promptTexts } from '../../../src/llm/web-llm-prompt.ts';
import { webLlmError, webLlmRunError } from '../../../src/runtime/web-llm-errors.ts';
import type { ConversationTemplate } from '../../../src/runtime/web-llm-model.ts';
import type { ChatMessage } from '../../../src/spec/llm.ts';
import { InpageError } from '../../../src/util/errors.ts';

const chatml: ConversationTemplate = {
  system_template: '<|im_start|>system\n{system_message}<|im_end|>\n',
  system_message: '',
  render_empty_system_message: false,
  roles: { user: '<|im_start|>user', assistant: '<|im_start|>assistant' },
  role_templates: { user: '{user_message}', assistant: '{assistant_message}' },
  role_content_sep: '\n',
  role_empty_sep: '\n',
  seps: ['<|im_end|>\n'],
};

const llama2: ConversationTemplate = {
  system_template: '[INST] <<SYS>>\n{system_message}\n<</SYS>>\n\n',
  system_message: 'Be kind.',
  add_role_after_system_message: false,
  roles: { user: '<s>[INST]', assistant: '[/INST]' },
  role_content_sep: ' ',
  role_empty_sep: ' ',
  seps: [' ', ' </s>'],
};

const turns: ChatMessage[] = [
  { role: 'user', content: 'One?' },
  { role: 'assistant', content: 'Two.' },
  { role: 'user', content: 'Three?' },
];

describe('the prompt as web-llm makes it', () => {
  test('turns with the header of the answer; an empty system message is left out', () => {
    expect(promptTexts(turns, chatml)).toEqual([
      '<|im_start|>user\nOne?<|im_end|>\n',
      '<|im_start|>assistant\nTwo.<|im_end|>\n',
      '<|im_start|>user\nThree?<|im_end|>\n',
      '<|im_start|>assistant\n',
    ]);
  });

  test('a system message that is given, and one of the template', () => {
    expect(promptTexts([{ role: 'system', content: 'Costs $1.' }, ...turns], chatml)[0]).toBe(
      '<|im_start|>system\nCosts $1.<|im_end|>\n',
    );
    expect(promptTexts(turns, { ...chatml, system_message: 'Hi.' })[0]).toContain('Hi.');
  });

  test('separators in turn, and no header after the system message where the template has none', () => {
    expect(promptTexts(turns, llama2)).toEqual([
      '[INST] <<SYS>>\nBe kind.\n<</SYS>>\n\n',
      'One? ',
      '[/INST] Two. </s>',
      '<s>[INST] Three? ',
      '[/INST] ',
    ]);
  });

  test('headers end in a colon where the template does not say', () => {
    const { role_content_sep, role_empty_sep, ...bare } = chatml;
    expect(promptTexts(turns.slice(0, 1), bare)).toEqual(['<|im_start|>user: One?<|im_end|>\n', '<|im_start|>assistant: ']);
  });

  test('dollar signs survive the replacement that web-llm does', () => {
    const content = 'From $& to $$ and $1';
    const [message] = escapeMessages([{ role: 'user', content }], chatml);
    expect('{user_message}'.replace('{user_message}', message!.content)).toBe(content);
    expect(escapeMessages([{ role: 'user', content }], llama2)).toEqual([{ role: 'user', content }]);
  });
});

test('structured output in its words', () => {
  expect(responseFormat({ schema: { type: 'string' } })).toEqual({ type: 'json_object', schema: '{"type":"string"}' });
  const tag = (output: Parameters<typeof responseFormat>[0]) => JSON.parse(responseFormat(output).structural_tag as string);
  expect(tag({ regex: '[0-9]+' })).toEqual({ type: 'structural_tag', format: { type: 'regex', pattern: '[0-9]+' } });
  expect(tag({ choice: ['a', 'b'] }).format).toEqual({
    type: 'or',
    elements: [
      { type: 'const_string', value: 'a' },
      { type: 'const_string', value: 'b' },
    ],
  });
});

describe('errors', () => {
  const named = (name: string, message = 'x') => Object.assign(new Error(message), { name });
  test.each([
    [new Error('Unable to find a compatible GPU. …'), 'device-unavailable'],
    [new Error('Cannot initialize runtime because of requested maxBufferSize exceeds limit.'), 'device-unavailable'],
    [named('LinkError', 'WebAssembly.instantiate(): Import #0'), 'model-load-failed'],
    [new Error('Cannot find required VM function `decode`.'), 'model-load-failed'],
    [new Error('anything else'), 'model-load-failed'],
  ])('of loading: %s is %s', (error, code) => {
    expect(webLlmError(error, 'v0_2_86/base', 'tiny')).toMatchObject({ code, message: expect.stringContaining('tiny') });
  });

  test.each([
    [named('GrammarMatcherInitError'), 'output-unsupported'],
    [named('MessageOrderError'), 'invalid-argument'],
    [new Error('anything else'), 'generation-failed'],
  ])('of a generation: %s is %s', (error, code) => {
    expect(webLlmRunError(error, 'tiny')).toMatchObject({ code });
  });

  test('a buffer that the browser stops reading means a lost GPU', () => {
    const abort = new DOMException('Failed to map the buffer.', 'AbortError');
    expect(webLlmRunError(abort, 'tiny')).toMatchObject({ code: 'device-lost' });
  });

  test('named errors stay as they are', () => {
    const typed = new InpageError('device-lost', 'Gone.');
    expect(webLlmError(typed, '', '')).toBe(typed);
    expect(webLlmRunError(typed, '')).toBe(typed);
  });
});
