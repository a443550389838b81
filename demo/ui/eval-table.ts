// The figures of a run as a table.
import type { Row } from '../../src/eval/index.ts';
import { h } from './dom.ts';
import { duration } from './format.ts';

const interval = ({ mean, low, high }: { mean: number; low: number; high: number }) =>
  `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;

/** One row a strategy. */
export function evalTable(rows: readonly Row[], measure: string): HTMLTableElement {
  const baseline = rows.find(({ versus }) => versus)?.versus?.strategy;
  const heads = [
    'Strategy',
    measure,
    ...(baseline ? [`Against ${baseline}`, 'p'] : []),
    'Time a question',
    'Tokens',
    'Questions',
  ];
  const body = rows.map(({ strategy, n, metrics, versus, msPerQuery, tokens }) => {
    const difference = versus?.metrics[measure];
    const estimate = metrics[measure];
    const cells = [
      estimate ? interval(estimate) : '',
      ...(baseline ? [difference ? interval(difference) : '', difference ? difference.p.toFixed(3) : ''] : []),
      duration(msPerQuery),
      String(Math.round(tokens)),
      String(n),
    ];
    return h('tr', {}, h('th', { scope: 'row' }, strategy), ...cells.map((cell) => h('td', {}, cell)));
  });
  return h(
    'table',
    {},
    h('caption', { class: 'visually-hidden' }, `${measure} by strategy`),
    h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
    h('tbody', {}, ...body),
  );
}
