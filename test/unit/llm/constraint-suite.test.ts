// Every schema of the official JSON Schema test suite, draft 2020-12, as an output: those that can be enforced give valid texts from
// a model that says anything; the others are refused with the names of what cannot be. `JSON_SCHEMA_TEST_SUITE` names its folder;
// without it these tests are skipped.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../../src/spec/output.ts';
import { InpageError } from '../../../src/util/errors.ts';
import { compileSchema } from '../../../src/util/json-schema/validate.ts';
import { type Babble, loadBabbler } from '../../support/babble.ts';

const suite = process.env.JSON_SCHEMA_TEST_SUITE;

describe.skipIf(!suite)('schemas of the JSON Schema test suite as outputs', { timeout: 600_000 }, () => {
  if (!suite) return;
  let babble: Babble;
  beforeAll(async () => {
    ({ babble } = await loadBabbler());
  });
  const folder = join(suite, 'tests/draft2020-12');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const schemas = files.flatMap((file) =>
    (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { description: string; schema: JsonSchema }[]).map(
      ({ description, schema }) => ({ name: `${file}: ${description}`, schema }),
    ),
  );

  test('all that can be enforced give valid values, whatever the model says; the others are refused by name', () => {
    const enforced = new Map<string, number>();
    const endless: string[] = [];
    for (const { name, schema } of schemas) {
      let ended = 0;
      try {
        for (let seed = 0; seed < 3; seed++) {
          const said = babble({ schema }, seed, { maxTokens: 120 });
          if (!said.ended) continue;
          ended++;
          expect(compileSchema(schema as never)(JSON.parse(said.text)), `${name}: ${said.text}`).toEqual([]);
        }
        if (ended > 0) enforced.set(name, ended);
        else endless.push(name);
      } catch (error) {
        if (!InpageError.is(error)) throw error;
        expect(['output-unsupported', 'invalid-argument'], name).toContain(error.code);
        const { unsupported = [] } = error.detail as { unsupported?: { keyword: string }[] };
        for (const { keyword } of unsupported) {
          expect(error.message, name).toContain(`"${keyword}"`);
          expect(JSON.stringify(schema), name).toContain(`"${keyword}"`);
        }
        // Others take no value at all, or one keyword in a way that is told.
        if (unsupported.length === 0)
          expect(error.message, name).toMatch(/"[$\w]+"|No token|[Nn]o value|regular expression|refers to/);
      }
    }
    console.log(`${schemas.length} schemas, ${enforced.size} enforced, ${endless.length} did not come to an end`);
    expect(enforced.size).toBeGreaterThanOrEqual(100);
  });
});
