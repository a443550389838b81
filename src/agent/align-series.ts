// Aligns what arguments take in turn into calls: "3 and 4, 5 and 12" by rows, "10 km from Rome and 5 km from Oslo" by turns, "the
// Lakers and the Bulls in 2018 and 2020" in every combination.
import { type Candidate, candidate } from './fill/candidate.ts';
import type { Request } from './fill/request.ts';
import { mostCalls, type Series } from './split-task.ts';

/** One set of values a call: aligned where they take turns or the request says so, every combination with those that stand in a list. */
export function alignSeries(series: readonly Series[], request: Request): Row[] {
  const { text } = request;
  const rows = rowsOf(series, request);
  if (rows) return rows;
  const several = series.filter(({ values }) => values.length > 1);
  const listed = several.filter(({ values }) => inList(values, several) && strungTogether(values, text));
  const combined = listed.length > 0 && several.length > 1 && !/\brespectively\b/i.test(text);
  if (!combined) return zip(series);
  const others = zip(
    series.map(({ argument, values }) => ({ argument, values: listed.some((one) => one.values === values) ? [] : values })),
  );
  const all = series.reduce<Row[]>(
    (rows, { values }, i) =>
      listed.some((one) => one.values === values) ? rows.flatMap((row) => values.map((value) => row.with(i, value))) : rows,
    others,
  );
  return all.length <= mostCalls ? all : zip(series);
}

type Row = (Candidate | undefined)[];

/** The first values of all arguments, the second ones, and so on. */
function zip(found: readonly Series[]): Row[] {
  let series = found;
  let several = series.filter(({ values }) => values.length > 1);
  // The number of calls is the one that most arguments speak for.
  const counts = several.filter(({ argument }) => argument.parameter.required).map(({ values }) => values.length);
  const votes = (count: number) => counts.filter((other) => other === count).length;
  const most = counts.reduce(
    (best, count) => (votes(count) > votes(best) || (votes(count) === votes(best) && count < best) ? count : best),
    counts[0] ?? Math.max(1, ...several.map(({ values }) => values.length)),
  );
  series = series.map(({ argument, values }) => ({ argument, values: values.length > most ? best(values, most) : values }));
  several = series.filter(({ values }) => values.length > 1);
  const driver =
    several.find(({ values, argument }) => values.length === most && argument.parameter.required) ??
    several.find(({ values }) => values.length === most);
  return Array.from({ length: most }, (_, call) =>
    series.map(({ values, argument }) => {
      if (values.length === most) return values[call];
      if (values.length < 2) return single(values[0], argument.parameter.required, call, driver?.values);
      // Fewer than calls: the last one that stands before the next call's own value.
      const next = driver?.values[call + 1]?.mention?.start ?? Number.POSITIVE_INFINITY;
      return values.findLast(({ mention }) => mention!.start < next) ?? values[0];
    }),
  );
}

/** Rows of figures, "(3, 4) and (6, 8)" or "3 and 4, 5 and 12", where each holds all the numbers of a call. */
function rowsOf(series: readonly Series[], { numberLists, numbers }: Request): Row[] | undefined {
  const asked = series.filter(({ argument }) => argument.parameter.type === 'number');
  const needed = asked.filter(({ argument }) => argument.parameter.required);
  if (needed.length < 2) return undefined;
  const flat = numberLists.filter(({ value }) => (value as readonly unknown[]).every((item) => typeof item === 'number'));
  const [only] = flat;
  const lists = flat.map(({ value }) => value as readonly number[]);
  if (
    flat.length === 1 &&
    lists[0]!.length > needed.length &&
    lists[0]!.length % needed.length === 0 &&
    !numbers.some(({ start, end, spelled }) => !spelled && (end <= only!.start || start >= only!.end))
  ) {
    const [all] = lists.splice(0);
    for (let i = 0; i < all!.length; i += needed.length) lists.push(all!.slice(i, i + needed.length));
  }
  if (lists.length < 2 || !lists.every((list) => list.length >= needed.length && list.length <= asked.length)) return undefined;
  return lists.map((list) =>
    series.map(({ argument, values }) => {
      const at = asked.findIndex((one) => one.argument === argument);
      return at < 0 ? values[0] : at < list.length ? candidate(list[at], {}) : undefined;
    }),
  );
}

/** The likeliest ones, in the order of the text. */
function best(values: readonly Candidate[], count: number): Candidate[] {
  const chosen = new Set([...values].sort((a, b) => b.score - a.score).slice(0, count));
  return values.filter((value) => chosen.has(value));
}

/** Whether little more than commas and "and" stands between values. */
function strungTogether(values: readonly Candidate[], text: string): boolean {
  return values.slice(1).every((value, i) => {
    const gap = text.slice(values[i]!.mention!.end, value.mention!.start);
    return gap.length < 16 && /^\S{0,2}\s?(?:,|and|or|&|as well as)/.test(gap);
  });
}

/** Whether no value of another argument stands between these. */
function inList(values: readonly Candidate[], several: readonly Series[]): boolean {
  const [start, end] = [values[0]!.mention!.start, values.at(-1)!.mention!.end];
  return several.every(
    ({ values: others }) => others === values || others.every(({ mention }) => mention!.end <= start || mention!.start >= end),
  );
}

/** A single value, unless it is an optional one that stands behind all others, where each call has a sentence of its own. */
function single(
  value: Candidate | undefined,
  required: boolean,
  call: number,
  driver: readonly Candidate[] = [],
): Candidate | undefined {
  if (!value?.mention || required || call >= driver.length - 1) return value;
  const places = driver.map(({ mention }) => mention!);
  const apart = places.slice(1).some(({ start }, i) => start - places[i]!.end > sentence);
  return apart && value.mention.start >= places.at(-1)!.start ? undefined : value;
}

/** Characters between values from which on they are thought to stand in sentences of their own. */
const sentence = 40;
