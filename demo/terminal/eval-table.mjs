// Rows of an evaluation as a table of the console.

/** @typedef {import('../headless/eval-suites.ts').EvalRow} EvalRow */

/** @param {number} value */
const digits = (value) => value.toFixed(3);

/** Whether a strategy is worse (−), better (+) or neither (=) than the one it is compared with. @param {EvalRow} row @param {string} metric */
export function verdict({ versus }, metric) {
  const difference = versus?.metrics[metric];
  if (!difference) return '';
  if (difference.p >= 0.05) return ' =';
  return difference.mean > 0 ? ' +' : ' −';
}

/** @param {EvalRow[]} rows @param {string[]} shown names of measures */
export function printRows(rows, shown) {
  /** @param {EvalRow} row @param {string} name */
  const cell = (row, name) => {
    const estimate = row.metrics[name];
    return estimate ? `${digits(estimate.mean)} [${digits(estimate.low)} ${digits(estimate.high)}]${verdict(row, name)}` : '';
  };
  console.table(
    Object.fromEntries(
      rows.map((row) => [
        row.strategy,
        {
          n: row.n,
          ...Object.fromEntries(shown.map((name) => [name, cell(row, name)])),
          ...row.counts,
          'ms/query': Number(row.msPerQuery.toFixed(1)),
          tokens: Math.round(row.tokens),
        },
      ]),
    ),
  );
  const against = rows.find(({ versus }) => versus)?.versus?.strategy;
  if (against) console.log(`+ better, − worse, = not told apart from ${against} (paired randomization test, p < 0.05)`);
}
