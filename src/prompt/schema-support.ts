// Which schemas a backend can enforce. A keyword that it does not know is refused by name: most engines only ignore it.
import type { JsonSchema } from '../spec/output.ts';
import { InpageError } from '../util/errors.ts';
import { isObject, type Schema, subschemas } from '../util/json-schema/subschemas.ts';

/** What an engine of constrained decoding does with JSON Schema. */
export interface SchemaSupport {
  /** For messages. */
  engine: string;
  /** Keywords that hold in what it generates. */
  keywords: ReadonlySet<string>;
}

/** Keywords that say nothing about what is valid. */
const annotations = [
  ...['$schema', '$id', '$comment', '$defs', 'definitions', 'title', 'description', 'default', 'examples'],
  ...['deprecated', 'readOnly', 'writeOnly', 'contentEncoding', 'contentMediaType', 'contentSchema'],
];

/** @param keywords names in groups, parted by spaces */
export function schemaSupport(engine: string, ...keywords: readonly string[]): SchemaSupport {
  return { engine, keywords: new Set([...annotations, ...keywords.flatMap((group) => group.split(' '))]) };
}

/** @throws InpageError `output-unsupported` that names each keyword that is not supported, and where it stands */
export function assertSupported(schema: JsonSchema, { engine, keywords }: SchemaSupport): void {
  const found = [...unsupported(schema as Schema, keywords, '#')];
  if (found.length === 0) return;
  const list = found.map(({ keyword, at }) => `"${keyword}" (${at})`).join(', ');
  throw new InpageError('output-unsupported', `${engine} cannot enforce these keywords of the schema: ${list}. Leave them out.`, {
    detail: { unsupported: found },
  });
}

function* unsupported(schema: Schema, keywords: ReadonlySet<string>, at: string): Generator<{ keyword: string; at: string }> {
  if (!isObject(schema)) return;
  for (const keyword of Object.keys(schema)) if (!keywords.has(keyword)) yield { keyword, at };
  for (const [pointer, each] of subschemas(schema)) yield* unsupported(each, keywords, at + pointer);
}
