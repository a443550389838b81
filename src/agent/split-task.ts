// Several calls of one tool in one request: "for A and B", "1, 5 and 10 years", "the first … the second". What the arguments took is
// taken away and they choose again, as long as they find values like their first ones; then the values are aligned.
import { type Candidate, candidate, type Signs } from './fill/candidate.ts';
import { chooseTogether, type Filled, type FilledArgument } from './fill/fill-arguments.ts';
import { type Mention, overlap } from './fill/mention.ts';
import type { Request } from './fill/request.ts';
import { weigh } from './fill/weigh.ts';

/** How much less a later value may speak for itself than the first, as a logarithm. */
const tolerance = 2.5;
const mostCalls = 12;

/** Values that one argument takes in turn, in the order of the text. */
export interface Series {
  argument: FilledArgument;
  values: readonly Candidate[];
}

/** Values of each argument that are like its first; at least one argument has several, or there is nothing to split. */
export function findSeries(filled: Filled): Series[] {
  const series: { argument: FilledArgument; values: Candidate[] }[] = [];
  let used: Mention[] = [];
  const whole = uncounted(filled.scene.request);
  for (let call = 0; call < mostCalls; call++) {
    const scene = { ...filled.scene, request: without(whole, used) };
    const free = ({ mention }: Candidate) => !mention || !used.some((other) => overlap(other, mention));
    const again = chooseTogether(
      filled.arguments.map(({ parameter }) => ({ parameter, candidates: weigh(parameter, scene).filter(free) })),
    );
    if (call === 0) series.push(...again.map((argument) => ({ argument, values: argument.chosen ? [argument.chosen] : [] })));
    const found = again.map(({ chosen }, i) =>
      chosen?.mention && (call === 0 || alike(series[i]!.values[0], chosen)) ? chosen : undefined,
    );
    if (call > 0) for (const [i, chosen] of found.entries()) if (chosen) series[i]!.values.push(chosen);
    const mentions = mentionsOf(found.filter((chosen) => chosen !== undefined));
    if (mentions.length === 0) break;
    used = [...used, ...mentions];
  }
  for (const { values } of series) values.sort((a, b) => (a.mention?.start ?? 0) - (b.mention?.start ?? 0));
  return series;
}

/** A request without the numbers that count its parts: "two circles", "the first". */
function uncounted(request: Request): Request {
  const numbers = request.numbers.filter((number) => !request.dates.some((date) => overlap(date, number)));
  const figures = numbers.filter(({ spelled }) => !spelled);
  return { ...request, numbers: figures.length > 1 ? figures : numbers };
}

function mentionsOf(values: readonly Candidate[]): Mention[] {
  return values.flatMap(({ mention }) => (mention ? [mention] : []));
}

function alike(first: Candidate | undefined, other: Candidate): boolean {
  const [a, b] = [first?.mention, other.mention];
  if (!first || !a || !b) return false;
  if (a.kind !== b.kind || other.score < first.score - tolerance) return false;
  if (a.kind === 'number') return a.unit === b.unit || !a.unit || !b.unit;
  return a.form === b.form;
}

/** A request without what stands at some places. */
function without(request: Request, used: readonly Mention[]): Request {
  const free = <T extends Mention>(list: readonly T[]) =>
    list.filter((mention) => !used.some((other) => overlap(other, mention)));
  return {
    ...request,
    numbers: free(request.numbers),
    numberLists: free(request.numberLists),
    dates: free(request.dates),
    times: free(request.times),
    phrases: free(request.phrases),
    phraseLists: free(request.phraseLists),
  };
}

/** What speaks for several calls. */
export function splitSigns(series: readonly Series[], text: string): Signs {
  const several = series.filter(({ values }) => values.length > 1);
  const counts = several.map(({ values }) => values.length);
  const required = several.filter(({ argument }) => argument.parameter.required);
  const gaps = several.flatMap(({ values }) =>
    values.slice(1).map((value, i) => text.slice(values[i]!.mention!.end, value.mention!.start)),
  );
  const losses = several.flatMap(({ argument, values }) => values.map(({ score }) => argument.chosen!.score - score));
  const has = (pattern: RegExp) => (pattern.test(text) ? 1 : 0);
  return {
    bias: 1,
    'several of one': several.length > 0 ? 1 : 0,
    'share of arguments': required.length / Math.max(1, series.filter(({ argument }) => argument.parameter.required).length),
    'same count': counts.length > 1 && counts.every((count) => count === counts[0]) ? 1 : 0,
    'strung together': gaps.some((gap) => /^\S{0,12}\s*(?:,|and|or|&|,\s*and)\s+(?:\S+\s+){0,2}$/.test(gap)) ? 1 : 0,
    loss: losses.length > 0 ? Math.min(5, losses.reduce((sum, loss) => sum + Math.max(0, loss), 0) / losses.length) : 0,
    respectively: has(/\brespectively\b/i),
    also: has(/\b(?:also|as well as|additionally|moreover|another|followed by|after that|afterwards?|finally|lastly)\b/i),
    'and then': has(/\bthen\b/i),
    same: has(/\b(?:the same|again|repeat)\b/i),
    ordinals: has(/\bfirst\b.*\bsecond\b|\bone\b.*\bother\b|\bone\b.*\banother\b/i),
    counted: has(/\b(?:two|three|four|five|six|both|each|pairs?|following|multiple|different)\b/i),
    sentences: Math.min(4, text.split(/[.?!]\s/).length - 1),
    length: Math.log(text.length),
    names: several.some(({ argument }) => argument.parameter.type === 'text') ? 1 : 0,
    numbers: several.some(({ argument }) => argument.parameter.type === 'number') ? 1 : 0,
  };
}

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
      if (values.length < 2) return early(values[0], driver?.values, call, argument.parameter.required);
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

/** A single value, unless it is an optional one that only a later part of the request names. */
function early(
  value: Candidate | undefined,
  driver: readonly Candidate[] | undefined,
  call: number,
  required: boolean,
): Candidate | undefined {
  const own = driver?.[call + 1]?.mention;
  if (!value?.mention || required || !own || !driver) return value;
  const last = driver.at(-1)!.mention!;
  const between = driver.slice(1).some(({ mention }, i) => mention!.start - driver[i]!.mention!.end > 40);
  return between && value.mention.start > own.end && call < driver.length - 1 && value.mention.start >= last.start
    ? undefined
    : value;
}
