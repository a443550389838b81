// The rows of a result as a table for the terminal.

/** @typedef {import('./index-bench.mjs').Row | import('./lexical-bench.mjs').LexicalRow} AnyRow */

/** @param {AnyRow[]} rows */
export function tableOf(rows) {
  return Object.fromEntries(
    rows.map((row) => [
      row.system,
      {
        n: row.n,
        'build/s': figure(row.buildPerSecond),
        'bytes each': figure('bytesPerVector' in row ? row.bytesPerVector : row.bytesPerPassage),
        'open ms': figure(row.coldOpenMs),
        'p50 ms': figure(row.p50Ms),
        'p95 ms': figure(row.p95Ms),
        'page MB': figure(row.memoryBytes && row.memoryBytes / 1e6),
        'resident MB': figure(row.residentBytes && row.residentBytes / 1e6),
        ...('recallAt10' in row && {
          recall: figure(row.recallAt10),
          'p50 : scan': row.ratio === null ? '–' : `${figure(row.ratio)} (${row.ratioRange?.map(figure).join('–')})`,
        }),
      },
    ]),
  );
}

/** Three digits, or a dash where there is nothing. @param {number | null} value */
function figure(value) {
  return value === null ? '–' : Number(value.toPrecision(value >= 1000 ? 4 : 3));
}
