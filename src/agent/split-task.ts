// Several calls of one tool in one request: "for A and B", "1, 5 and 10 years", "the first … the second". What the arguments took is
// taken away and they choose again, as long as they find values like their first ones.
import type { Candidate, Signs } from './fill/candidate.ts';
import { chooseTogether, type Filled, type FilledArgument } from './fill/fill-arguments.ts';
import { type Mention, overlap } from './fill/mention.ts';
import type { Request } from './fill/request.ts';
import { weigh } from './fill/weigh.ts';

/** How much less a later value may speak for itself than the first, as a logarithm. */
const tolerance = 2.5;
/** Calls of one task, at most. */
export const mostCalls = 12;

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
