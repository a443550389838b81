// Numbers of a text: digits and small words, with percent, money, magnitudes, powers of ten, units behind them, and lists.
import type { Mention } from './mention.ts';
import { unitAt } from './units.ts';

const small = new Map(
  (
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen ' +
    'nineteen twenty'
  )
    .split(' ')
    .map((word, i) => [word, i] as const),
);
for (const [word, value] of Object.entries({
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  hundred: 100,
  dozen: 12,
  half: 0.5,
  pi: Math.PI,
})) {
  small.set(word, value);
}
const ordinals = new Map(
  'first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ').map((word, i) => [word, i + 1]),
);

const magnitudes: Record<string, number> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  million: 1e6,
  billion: 1e9,
  bn: 1e9,
  trillion: 1e12,
  hundred: 100,
};

const digits =
  /(?<![\p{L}\p{N}_.^])(?<sign>[-−+](?=[\d.$€£])|minus )?(?<money>[$€£¥₹]\s?)?(?<whole>\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?<part>\.\d+)?(?<power>[eE][-+]?\d+(?![\p{L}\d])|\s?[x×*]\s?10\s?(?:\^|\*\*)\s?[-−]?\d+|\s?[x×*]\s?10[⁻⁰¹²³⁴-⁹]+)?(?:\s?\/\s?(?<under>[1-9]\d*)(?![\d/]))?(?<nth>st|nd|rd|th)?(?![\p{N}])/gu;

/** Numbers in the order of the text; a percentage is told as written. */
export function readNumbers(text: string): Mention[] {
  const found: Mention[] = [];
  for (const match of text.matchAll(digits)) {
    const { sign, money, whole, part, power, under, nth } = match.groups!;
    if (whole === undefined && part === undefined) continue;
    // A minus between two numbers, as in `3-5` or `x-1`, is none.
    const start = match.index + (sign && !signed(text, match.index) ? 1 : 0);
    let value = Number(`${whole?.replaceAll(',', '') ?? ''}${part ?? ''}`);
    if (power) value *= 10 ** exponent(power);
    let end = match.index + match[0].length;
    if (under) {
      // 2022/08 is no fraction.
      if (value < Number(under)) value /= Number(under);
      else end = start + match[0].slice(start - match.index).indexOf('/');
    }
    if (sign && start === match.index && sign !== '+') value = -value;
    const circle = /^\s?(?:pi\b|π)/u.exec(text.slice(end));
    if (circle) {
      value *= Math.PI;
      end += circle[0].length;
    }
    const after = /^\s?(hundred|thousand|million|billion|trillion|bn|[kK]|M)(?![\p{L}\p{N}])/u.exec(text.slice(end));
    const written = after?.[1] ?? '';
    if (after && !(written === 'M' && !money) && !(/^k$/i.test(written) && !money && written === 'K')) {
      value *= magnitudes[written.toLowerCase()]!;
      end += after[0].length;
    }
    const unit = money ? 'currency' : nth ? 'ordinal' : unitAt(text, end);
    found.push({ kind: 'number', value: tidy(value), start, end, ...(unit && { unit }) });
  }
  for (const match of text.matchAll(
    /(?<![\p{L}\p{N}-])[a-z]+(?:[- ](?=hundred|thousand|million))?(?:hundred|thousand|million)?(?![\p{L}\p{N}])/giu,
  )) {
    const [first = '', second] = match[0].toLowerCase().split(/[- ]/);
    const value = small.get(first) ?? ordinals.get(first);
    if (value === undefined) continue;
    const start = match.index;
    const end = start + match[0].length;
    const unit = ordinals.has(first) ? 'ordinal' : unitAt(text, end);
    found.push({
      kind: 'number',
      value: value * (second ? magnitudes[second]! : 1),
      start,
      end,
      spelled: true,
      ...(unit && { unit }),
    });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Lists in brackets, coordinates, and numbers that are strung together. */
export function readNumberLists(text: string, numbers: readonly Mention[]): Mention[] {
  const found: Mention[] = [];
  for (const match of text.matchAll(/[[({]\s*[[(]?[-−+.\d][^[\](){}]*(?:[\])}]\s*,\s*[[(][^[\](){}]*)*[\])}]\s*[\])}]?/g)) {
    const start = match.index;
    const end = start + match[0].length;
    const rows = Array.from(match[0].matchAll(/[-−+.\d][^[\](){}]*/g), ([row]) => numbersOf(row));
    if (!rows.every((row) => row)) continue;
    const value = rows.length === 1 ? rows[0]! : (rows as number[][]);
    found.push({ kind: 'numbers', value, start, end });
  }
  // "1, 2, 3 and 4", "2 to 5", "46.6,1.88".
  const joint = /^(?:\s*,\s*(?:and\s+)?|\s+(?:and|to|or|through|,)\s+|\s*(?:-|–)\s*|\s*;\s*)(?:(?:x|y|t)\s*=\s*)?[$€£]?$/;
  for (let i = 0; i < numbers.length; i++) {
    let last = i;
    while (last + 1 < numbers.length && joint.test(gap(text, numbers[last]!, numbers[last + 1]!))) last++;
    if (last === i) continue;
    const row = numbers.slice(i, last + 1);
    const [start, end] = [row[0]!.start, row.at(-1)!.end];
    if (!found.some((list) => list.start <= start && list.end >= end)) {
      const { unit } = row.at(-1)!;
      found.push({ kind: 'numbers', value: row.map(({ value }) => value as number), start, end, ...(unit && { unit }) });
    }
    i = last;
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Text between two numbers, without the unit of the first. */
function gap(text: string, first: Mention, second: Mention): string {
  const between = text.slice(first.end, second.start);
  return first.unit && first.unit !== 'ordinal' && first.unit === second.unit
    ? between.replace(/^\s?(?:[%°\p{L}]+)(?=[\s,])/u, '')
    : between.replace(/^(?:st|nd|rd|th|%)/, '');
}

function numbersOf(row: string): number[] | undefined {
  const parts = row.split(/[,;]\s*|\s+/).filter(Boolean);
  const values = parts.map((part) => Number(part.replace('−', '-').replace(/[$€£%]/g, '')));
  return values.length > 0 && values.every(Number.isFinite) ? values : undefined;
}

function signed(text: string, at: number): boolean {
  return !/[\p{L}\p{N})\]]$/u.test(text.slice(Math.max(0, at - 1), at));
}

function exponent(power: string): number {
  const raised = power.replace(/[⁰¹²³⁴-⁹⁻]/g, (sign) => (sign === '⁻' ? '-' : String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(sign))));
  return Number(/(?:[eE]|10\s?(?:\^|\*\*)?\s?)([-−+]?\d+)$/.exec(raised)![1]!.replace('−', '-'));
}

/** Without what binary arithmetic adds. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
