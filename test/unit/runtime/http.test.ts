import { expect, test } from 'vitest';
import { readFailure } from '../../../src/runtime/http.ts';

test.each([
  [
    'OpenAI',
    '{"error":{"message":"Too long.","type":"invalid_request_error","code":"context_length_exceeded"}}',
    'Too long',
    'context_length_exceeded',
  ],
  ['vLLM', '{"error":{"message":"Too long.","type":"BadRequestError","param":null,"code":400}}', 'Too long', 'BadRequestError'],
  [
    'vLLM before 0.10',
    '{"object":"error","message":"Too long.","type":"BadRequestError","code":400}',
    'Too long',
    'BadRequestError',
  ],
  ['Ollama', '{"error":"model not found"}', 'model not found', undefined],
  [
    'FastAPI',
    '{"detail":[{"loc":["body","messages"],"msg":"field required"}]}',
    '[{"loc":["body","messages"],"msg":"field required"}]',
    undefined,
  ],
  ['plain text', 'upstream timed out\n', 'upstream timed out', undefined],
  ['a web page', '<html><body>502 Bad Gateway</body></html>', '', undefined],
  ['nothing', '', '', undefined],
  ['null', 'null', '', undefined],
])('what a server says of a failure: %s', (_server, body, message, code) => {
  expect(readFailure(body)).toEqual({ message, ...(code && { code }) });
});
