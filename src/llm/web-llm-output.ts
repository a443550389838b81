// Structured output in web-llm's words: XGrammar (arXiv:2411.15100) excludes every token that must not follow.
import type { ResponseFormat } from '@mlc-ai/web-llm';
import { plainOutput } from '../prompt/plain-output.ts';
import { assertSupported, schemaSupport } from '../prompt/schema-support.ts';
import type { OutputFormat } from '../spec/output.ts';

/** Without those that XGrammar reads otherwise (`oneOf` as `anyOf`), in part (`allOf`) or not at all. */
const support = schemaSupport(
  'web-llm',
  'type const enum anyOf $ref',
  'properties required additionalProperties items prefixItems minItems maxItems',
  'minLength maxLength pattern minimum maximum exclusiveMinimum exclusiveMaximum',
);

/** @throws InpageError `invalid-argument`; `output-unsupported` with the names of what cannot be enforced */
export function responseFormat(output: OutputFormat): ResponseFormat {
  const plain = plainOutput(output);
  if ('schema' in plain) {
    assertSupported(plain.schema, support);
    return { type: 'json_object', schema: JSON.stringify(plain.schema) };
  }
  const format =
    'regex' in plain
      ? { type: 'regex', pattern: plain.regex }
      : { type: 'or', elements: plain.choice.map((value) => ({ type: 'const_string', value })) };
  return { type: 'structural_tag', structural_tag: JSON.stringify({ type: 'structural_tag', format }) };
}
