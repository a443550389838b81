// Bars with intervals, as SVG that takes its colours from the theme. The table beside it says the same to a screen reader.
import type { Row } from '../../src/eval/index.ts';

const space = 'http://www.w3.org/2000/svg';
/** Measures of the picture, in its own units. */
const width = 720;
const left = 150;
const right = 70;
const step = 38;
const thick = 18;
const top = 8;

function shape(name: string, attributes: Readonly<Record<string, string | number>>, text?: string): SVGElement {
  const element = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** @param measure between 0 and 1 */
export function evalChart(rows: readonly Row[], measure: string): SVGSVGElement {
  const height = top + rows.length * step + 28;
  const x = (value: number) => left + value * (width - left - right);
  const chart = shape('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', class: 'chart' }) as SVGSVGElement;
  const said = rows.map(({ strategy, metrics }) => `${strategy} ${metrics[measure]?.mean.toFixed(3) ?? 'not measured'}`);
  chart.setAttribute('aria-label', `${measure}: ${said.join(', ')}`);
  const bottom = top + rows.length * step;
  for (const tick of [0, 0.25, 0.5, 0.75, 1]) {
    chart.append(shape('line', { x1: x(tick), x2: x(tick), y1: top, y2: bottom, class: 'chart-grid' }));
    chart.append(shape('text', { x: x(tick), y: bottom + 20, class: 'chart-tick' }, String(tick)));
  }
  rows.forEach(({ strategy, metrics }, i) => {
    const middle = top + i * step + step / 2;
    chart.append(shape('text', { x: left - 10, y: middle + 4.5, class: 'chart-name' }, strategy));
    const estimate = metrics[measure];
    if (!estimate) return;
    const { mean, low, high } = estimate;
    chart.append(
      shape('rect', {
        x: left,
        y: middle - thick / 2,
        width: Math.max(0, x(mean) - left),
        height: thick,
        rx: 3,
        class: 'chart-bar',
      }),
      shape('line', { x1: x(low), x2: x(high), y1: middle, y2: middle, class: 'chart-interval' }),
      ...[low, high].map((end) =>
        shape('line', { x1: x(end), x2: x(end), y1: middle - 5, y2: middle + 5, class: 'chart-interval' }),
      ),
      shape('text', { x: width - right + 12, y: middle + 4.5, class: 'chart-value' }, mean.toFixed(3)),
    );
  });
  return chart;
}
