// Structured output in web-llm's words: XGrammar (arXiv:2411.15100) excludes every token that must not follow.
import type { ResponseFormat } from '@mlc-ai/web-llm';
import { plainOutput } from '../prompt/plain-output.ts';
import type { OutputFormat } from '../spec/output.ts';

/** @throws InpageError `invalid-argument` */
export function responseFormat(output: OutputFormat): ResponseFormat {
  const plain = plainOutput(output);
  if ('schema' in plain) return { type: 'json_object', schema: JSON.stringify(plain.schema) };
  const format =
    'regex' in plain
      ? { type: 'regex', pattern: plain.regex }
      : { type: 'or', elements: plain.choice.map((value) => ({ type: 'const_string', value })) };
  return { type: 'structural_tag', structural_tag: JSON.stringify({ type: 'structural_tag', format }) };
}
