// The official test suite of JSON Schema, draft 2020-12, all that is required: `JSON_SCHEMA_TEST_SUITE` names its folder
// (github.com/json-schema-org/JSON-Schema-Test-Suite); without it these tests are skipped.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Schema } from '../../../src/util/json-schema/subschemas.ts';
import { compileSchema } from '../../../src/util/json-schema/validate.ts';

interface Group {
  description: string;
  schema: Schema;
  tests: { description: string; data: unknown; valid: boolean }[];
}

const suite = process.env.JSON_SCHEMA_TEST_SUITE;

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Every JSON file under a folder, by address. */
function readFolder(folder: string, base: string, suffix = ''): Record<string, Schema> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(({ name }) => name.endsWith('.json'));
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(paths.map((path) => [base + relative(folder, path).replace(suffix, ''), readJson<Schema>(path)]));
}

describe.skipIf(!suite)('JSON Schema test suite, draft 2020-12', () => {
  if (!suite) return;
  const metaSchemas = join(dirname(createRequire(import.meta.url).resolve('ajv')), 'refs/json-schema-2020-12');
  const known = {
    ...readFolder(join(suite, 'remotes'), 'http://localhost:1234/'),
    ...readFolder(metaSchemas, 'https://json-schema.org/draft/2020-12/', '.json'),
  };
  const folder = join(suite, 'tests/draft2020-12');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    for (const { description, schema, tests } of readJson<Group[]>(join(folder, file))) {
      test(`${file}: ${description}`, () => {
        const validate = compileSchema(schema, { known });
        for (const { description, data, valid } of tests) expect(validate(data).length === 0, description).toBe(valid);
      });
    }
  }
});
