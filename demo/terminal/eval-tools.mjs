// `npm run eval -- tools`: function calling on the files of the Berkeley Function-Calling Leaderboard.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEvaluation } from './eval-collection.mjs';
import { writeWeights } from './write-weights.mjs';

/** @typedef {import('../../src/eval/evaluate-tools.ts').ToolRow} ToolRow */

/** Sets of the leaderboard that are measured, in this order. */
const known = ['simple_python', 'multiple', 'parallel', 'irrelevance'];

/** Types that are called otherwise in JSON Schema; `any` has none. @type {Record<string, string | undefined>} */
const types = { dict: 'object', float: 'number', tuple: 'array', any: undefined };

/**
 * Measures, prints a table and, where asked for, one JSON object.
 * @param {{ folder: string, sets?: string[] | undefined, n?: number | undefined, fit: boolean, details: boolean, json: boolean }} options `fit`: writes
 *   the weights into the sources instead, and measures each fifth of the cases with what the others taught, without a chat model
 */
export async function evalTools({ folder, sets = known, n, fit, details, json }) {
  const unknown = sets.find((set) => !known.includes(set));
  if (unknown) throw new Error(`There is no set "${unknown}". There are ${known.join(', ')}.`);
  const read = await Promise.all(sets.map(async (set) => ({ set, cases: (await readToolCases(folder, set)).slice(0, n) })));
  const { page, close } = await openEvaluation();
  try {
    if (fit) {
      const { weights, validation } = await page.evaluate(
        (input) => /** @type {any} */ (window).inpageHeadless.eval.fitTools(input),
        { sets: read },
      );
      await writeWeights(weights);
      print(validation);
      if (json) console.log(JSON.stringify({ suite: 'tools', validation: true, rows: validation }));
      return;
    }
    /** @type {(ToolRow & { results: unknown[] })[]} */
    const rows = await page.evaluate((input) => /** @type {any} */ (window).inpageHeadless.eval.tools(input), { sets: read });
    print(rows);
    const told = details ? rows : rows.map(({ results: _results, ...row }) => row);
    if (json) console.log(JSON.stringify({ suite: 'tools', rows: told }));
  } finally {
    await close();
  }
}

/** Requests of a set, as plain data. @param {string} folder @param {string} set */
export async function readToolCases(folder, set) {
  const lines = await jsonLines(join(folder, `BFCL_v4_${set}.json`));
  const answers = join(folder, 'possible_answer', `BFCL_v4_${set}.json`);
  const wanted = new Map((existsSync(answers) ? await jsonLines(answers) : []).map(({ id, ground_truth }) => [id, ground_truth]));
  return lines.map(({ id, question, function: functions }) => ({
    id,
    task: question[0].at(-1).content,
    tools: Object.fromEntries(
      functions.map((/** @type {any} */ { name, description, parameters }) => [
        name,
        { description, inputSchema: toSchema(parameters) },
      ]),
    ),
    wanted: (wanted.get(id) ?? []).flatMap((/** @type {Record<string, unknown>} */ call) =>
      Object.entries(call).map(([tool, input]) => ({ tool, input })),
    ),
  }));
}

/** The leaderboard's way of writing a schema, as JSON Schema. @param {any} schema @returns {any} */
function toSchema(schema) {
  const { type, properties, items, optional: _optional, ...rest } = schema;
  const plain = Object.hasOwn(types, type) ? types[type] : type;
  return {
    ...rest,
    ...(plain && { type: plain }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, toSchema(each)])),
    }),
    ...(items && { items: toSchema(items) }),
  };
}

/** @param {string} path @returns {Promise<any[]>} */
async function jsonLines(path) {
  if (!existsSync(path)) throw new Error(`There is no file ${path}. --data takes the folder with the files of the leaderboard.`);
  return (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** @param {readonly ToolRow[]} rows */
function print(rows) {
  const digits = (/** @type {number} */ value) => value.toFixed(3);
  console.table(
    Object.fromEntries(
      rows.map(({ set, n, metrics, sources, msPerCase, tokens }) => [
        set,
        {
          n,
          ...Object.fromEntries(
            Object.entries(metrics).map(([name, { mean, low, high }]) => [
              name,
              `${digits(mean)} [${digits(low)} ${digits(high)}]`,
            ]),
          ),
          'by model': `${sources.model ?? 0}/${Object.values(sources).reduce((sum, count) => sum + count, 0)}`,
          'ms/case': Math.round(msPerCase),
          tokens: Math.round(tokens),
        },
      ]),
    ),
  );
}
