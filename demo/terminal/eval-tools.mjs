// `npm run eval -- tools`: function calling on the files of the Berkeley Function-Calling Leaderboard.
import { openEvaluation } from './eval-collection.mjs';
import { readToolCases } from './read-tool-cases.mjs';
import { writeWeights } from './write-weights.mjs';

/** @typedef {import('../../src/eval/evaluate-tools.ts').ToolRow} ToolRow */

/** Sets of the leaderboard that are measured, in this order. */
const known = ['simple_python', 'multiple', 'parallel', 'irrelevance'];

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
