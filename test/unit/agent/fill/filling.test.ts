// Arguments out of requests, by word overlap alone: types, units, options, lists, objects, and several calls.
import { expect, test } from 'vitest';
import { alignSeries } from '../../../../src/agent/align-series.ts';
import { currencyCode } from '../../../../src/agent/fill/currencies.ts';
import { fillArguments } from '../../../../src/agent/fill/fill-arguments.ts';
import { readParameters } from '../../../../src/agent/fill/parameter.ts';
import { readRequest } from '../../../../src/agent/fill/request.ts';
import { fitted } from '../../../../src/agent/plan-weights.ts';
import { findSeries } from '../../../../src/agent/split-task.ts';
import { mockEmbedder } from '../../../../src/testing/mock-embedder.ts';

const schema = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});

async function filled(task: string, properties: Record<string, object>, required?: string[]) {
  const tool = { name: 'tool', description: 'Does it.', schema: schema(properties, required) };
  return fillArguments(readRequest(task), tool, mockEmbedder(), { weights: fitted.values });
}

async function values(...scene: Parameters<typeof filled>) {
  const { arguments: list } = await filled(...scene);
  return Object.fromEntries(list.map(({ parameter, chosen }) => [parameter.path.join('.'), chosen?.value]));
}

const number = (description: string) => ({ type: 'number', description });
const integer = (description: string) => ({ type: 'integer', description });
const string = (description: string) => ({ type: 'string', description });

test.each([
  [
    'numbers by name',
    'A loan of $12,000 with an interest rate of 4% for 6 years.',
    {
      loan: integer('The amount of the loan.'),
      interest_rate: number('Yearly rate as a decimal, like 0.03.'),
      years: integer('Years.'),
    },
    { loan: 12000, interest_rate: 0.04, years: 6 },
  ],
  ['units are converted', 'A coil of 30mH.', { inductance: number('Inductance in henries (H).') }, { inductance: 0.03 }],
  [
    'options and their absence',
    'Sort the names in descending order.',
    { order: { type: 'string', enum: ['ascending', 'descending'], description: 'The order.' } },
    { order: 'descending' },
  ],
  [
    'places by what leads to them',
    'Find a train from Lyon to Turin.',
    { origin: string('City where the trip starts.'), destination: string('City where the trip ends.') },
    { origin: 'Lyon', destination: 'Turin' },
  ],
  [
    'lists in brackets',
    'The mean of [4, 8, 15].',
    { values: { type: 'array', items: { type: 'integer' }, description: 'The values.' } },
    { values: [4, 8, 15] },
  ],
  [
    'what is inside objects',
    'A house with a minimum price of $200,000 and a maximum price of $300,000.',
    { price: schema({ minimum: integer('Minimum price.'), maximum: integer('Maximum price.') }) },
    { 'price.minimum': 200000, 'price.maximum': 300000 },
  ],
] as const)('%s', async (_what, task, properties, expected) => {
  expect(await values(task, properties)).toEqual(expected);
});

test('an optional argument that nothing speaks of is left out', async () => {
  const properties = { radius: integer('Radius of the circle.'), unit: string("Unit. Default is 'cm'.") };
  expect(await values('The area of a circle with a radius of 7.', properties, ['radius'])).toEqual({
    radius: 7,
    unit: undefined,
  });
});

test('what a schema says of parameters', () => {
  const [method, level] = readParameters(
    schema(
      {
        method: string("Method: can be 'fast' or 'exact'. Default is 'fast'."),
        level: { type: 'number', description: 'In percent.' },
      },
      [],
    ),
  );
  expect(method).toMatchObject({ type: 'option', options: ['fast', 'exact'], default: 'fast', required: false });
  expect(level).toMatchObject({ type: 'number', units: ['percent'], integer: false });
  expect(readParameters(schema(JSON.parse('{"__proto__": {"type": "string"}}')))).toEqual([]);
});

test.each([
  [
    'values that take turns',
    'The area of a box with a width of 3 and a height of 7, and of one with a width of 5 and a height of 11.',
    { width: integer('Width of the box.'), height: integer('Height of the box.') },
    [
      [3, 7],
      [5, 11],
    ],
  ],
  [
    'rows of figures',
    'The greatest common divisor of (12, 18) and (35, 49).',
    { first: integer('First number.'), second: integer('Second number.') },
    [
      [12, 18],
      [35, 49],
    ],
  ],
] as const)('several calls: %s', async (_what, task, properties, expected) => {
  const all = await filled(task, properties);
  const rows = alignSeries(findSeries(all), all.scene.request);
  expect(rows.map((row) => row.map((value) => value?.value))).toEqual(expected);
});

test('currencies by their names', () => {
  expect(['Canadian dollars', 'euros', 'Japanese yen', 'USD', 'apples'].map(currencyCode)).toEqual([
    'CAD',
    'EUR',
    'JPY',
    'USD',
    undefined,
  ]);
});
