// The set of texts that an output describes, whatever is going to enforce it.
import type { PlainOutput } from '../../prompt/plain-output.ts';
import { choice, type Expression, literal } from './expression.ts';
import { parseRegex } from './regex.ts';
import { parseSchema } from './schema.ts';

/** @throws InpageError `output-unsupported` with the names of what cannot be enforced */
export function expressionOf(output: PlainOutput): Expression {
  if ('schema' in output) return parseSchema(output.schema);
  if ('regex' in output) return parseRegex(output.regex);
  return choice(...output.choice.map(literal));
}
