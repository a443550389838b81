// The result as an SVG for the docs: latency against recall, and a column of dots for each other figure.

/** @typedef {import('./index-bench.mjs').Row} Row */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

const width = 960;
const margin = 24;
/** Height of a line of text, and the width that one of its characters takes, about. */
const [lineHeight, characterWidth] = [16, 6.6];

const style = `
  svg { --ground: #fff; --text: #1c1e20; --soft: #585b5f; --line: #e3e0da; --mark: #8d8a83; --accent: #0b6b68 }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #1b1e20; --text: #eceae6; --soft: #a9aeb2; --line: #33393c; --mark: #8a9195; --accent: #6fcfc8 }
  }
  rect { fill: var(--ground) }
  text { font: 12px system-ui, sans-serif; fill: var(--text);
    paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round }
  .title { font-size: 15px; font-weight: 600 }
  .soft { fill: var(--soft) }
  .ours { fill: var(--accent); font-weight: 600 }
  line { stroke: var(--line) }
  circle { fill: var(--mark) }
  circle.ours { fill: var(--accent) }`;

/** The columns of dots; `better` says which end of its scale is good. */
const columns = [
  { name: 'build, vectors/s', better: 'more', value: (/** @type {Row} */ row) => row.buildPerSecond },
  { name: 'bytes a vector', better: 'less', value: (/** @type {Row} */ row) => row.bytesPerVector },
  { name: 'open to first answer, ms', better: 'less', value: (/** @type {Row} */ row) => row.coldOpenMs },
  {
    name: 'resident memory, MB',
    better: 'less',
    value: (/** @type {Row} */ row) => row.residentBytes && row.residentBytes / 1e6,
  },
];

/** @param {{ k: number, device: { cores: number, chromium?: string }, rows: Row[] }} result */
export function plotOf({ k, device, rows }) {
  const scatter = { x: 72, y: 88, width: width - 72 - margin, height: 300 };
  const dots = { x: 170, y: scatter.y + scatter.height + 100, width: width - 170 - margin, height: rows.length * 24 };
  const height = dots.y + dots.height + margin;
  const size = Math.max(...rows.map(({ n }) => n));
  const about = `${size.toLocaleString('en')} vectors of ${rows[0]?.dimension} dimensions, ${k} neighbours, Chromium ${device.chromium ?? ''}, ${device.cores} cores`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>Vector search in a page: ${about}</title>
<style>${style}
</style>
<rect width="${width}" height="${height}"/>
${text(margin, 32, 'Vector search in a page', 'title')}
${text(margin, 52, about, 'soft')}
${latencyAndRecall(rows, scatter, k)}
${dotColumns(rows, dots)}
</svg>
`;
}

/** @param {Row[]} rows @param {Box} box @param {number} k */
function latencyAndRecall(rows, box, k) {
  const points = rows.flatMap(({ system, p50Ms, recallAt10 }) =>
    p50Ms === null || recallAt10 === null ? [] : [{ system, p50Ms, recall: recallAt10 }],
  );
  const x = logScale(
    points.map(({ p50Ms }) => p50Ms),
    box.x,
    box.x + box.width,
  );
  const lowest = Math.floor(Math.min(0.98, ...points.map(({ recall }) => recall)) * 50 - 0.2) / 50;
  const y = (/** @type {number} */ recall) => box.y + box.height * (1 - (recall - lowest) / (1.005 - lowest));
  const grid = [
    ...x.ticks.map((tick) => line(x.at(tick), box.y, x.at(tick), box.y + box.height)),
    ...x.ticks.map((tick) => text(x.at(tick), box.y + box.height + 18, String(tick), 'soft', 'middle')),
  ];
  const step = 1 - lowest > 0.2 ? 0.1 : 0.01;
  for (let recall = 1; recall >= lowest; recall = Number((recall - step).toFixed(2))) {
    grid.push(line(box.x, y(recall), box.x + box.width, y(recall)));
    grid.push(text(box.x - 8, y(recall) + 4, recall.toFixed(step < 0.1 ? 2 : 1), 'soft', 'end'));
  }
  /** @type {Box[]} */
  const taken = points.map(({ p50Ms, recall }) => ({ x: x.at(p50Ms) - 5, y: y(recall) - 5, width: 10, height: 10 }));
  const marks = points.map(({ system, p50Ms, recall }) => {
    const label = place(x.at(p50Ms), y(recall), system.length * characterWidth, taken, box);
    taken.push(label);
    return dot(x.at(p50Ms), y(recall), system) + text(label.x, label.y + 12, system, nameClass(system));
  });
  return [
    ...grid,
    text(margin, box.y - 12, `recall@${k} (higher is better)`, 'soft'),
    text(
      box.x + box.width,
      box.y + box.height + 36,
      'median latency of a query, ms (further left is better; logarithmic, as below)',
      'soft',
      'end',
    ),
    ...marks,
  ].join('\n');
}

/** The first free place for a label beside a point. @param {Box[]} taken @param {Box} frame @returns {Box} */
function place(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ labelWidth, taken, frame) {
  const beside = [
    { x: x + 9, y: y - 8 },
    { x: x - 9 - labelWidth, y: y - 8 },
    ...[1, 2, 3].flatMap((lines) => [
      { x: x - labelWidth / 2, y: y + 8 + (lines - 1) * lineHeight },
      { x: x - labelWidth / 2, y: y - 8 - lines * lineHeight },
    ]),
  ].map((corner) => ({ ...corner, width: labelWidth, height: lineHeight }));
  const inside = (/** @type {Box} */ box) => box.x >= frame.x && box.x + box.width <= frame.x + frame.width;
  return /** @type {Box} */ (beside.find((box) => inside(box) && !taken.some((other) => overlap(box, other))) ?? beside[0]);
}

/** @param {Box} a @param {Box} b */
const overlap = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** @param {Row[]} rows @param {Box} box */
function dotColumns(rows, box) {
  const rowY = (/** @type {number} */ i) => box.y + i * 24 + 12;
  const names = rows.map(({ system }, i) => text(box.x - 16, rowY(i) + 4, system, nameClass(system), 'end'));
  const lines = rows.map((_, i) => line(box.x, rowY(i), box.x + box.width, rowY(i)));
  const columnWidth = box.width / columns.length;
  const marks = columns.flatMap(({ name, better, value }, column) => {
    const left = box.x + column * columnWidth + 8;
    // Room for the figure to the right of the last dot.
    const right = left + columnWidth - 72;
    const known = rows.flatMap((row) => value(row) ?? []);
    const scale = logScale(known, left, right);
    return [
      text(left - 4, box.y - 28, name),
      text(left - 4, box.y - 12, `${better} is better`, 'soft'),
      ...rows.map((row, i) => {
        const figure = value(row);
        if (figure === null) return text(left - 4, rowY(i) + 4, '–', 'soft');
        const at = scale.at(figure);
        return dot(at, rowY(i), row.system) + text(at + 9, rowY(i) + 4, short(figure), nameClass(row.system) || 'soft');
      }),
    ];
  });
  return [...lines, ...names, ...marks].join('\n');
}

/** A logarithmic scale over the values. @param {number[]} values @param {number} from @param {number} to */
function logScale(values, from, to) {
  const [low, high] = [Math.log10(Math.min(...values)) - 0.1, Math.log10(Math.max(...values)) + 0.1];
  const ticks = [];
  for (let power = Math.ceil(low); power <= high; power++) ticks.push(Number(`1e${power}`));
  return { at: (/** @type {number} */ value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from), ticks };
}

const nameClass = (/** @type {string} */ system) => (system === 'inpage' ? 'ours' : '');

/** @param {number} value */
const short = (value) => Number(value.toPrecision(value >= 100 ? 3 : 2)).toLocaleString('en');

/** @param {number} x @param {number} y @param {string} content @param {string} [kind] @param {string} [anchor] */
function text(x, y, content, kind = '', anchor = 'start') {
  const attributes = `${kind && ` class="${kind}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`;
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${attributes}>${content}</text>`;
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
const line = (x1, y1, x2, y2) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}"/>`;

/** @param {number} x @param {number} y @param {string} system */
function dot(x, y, system) {
  const ours = system === 'inpage';
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${ours ? 6 : 4.5}"${ours ? ' class="ours"' : ''}/>`;
}
