// Requests for function calling, from files of the Berkeley Function-Calling Leaderboard.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Types that are called otherwise in JSON Schema; `any` has none. @type {Record<string, string | undefined>} */
const types = { dict: 'object', float: 'number', tuple: 'array', any: undefined };

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
