// Candidates of number arguments: each number of the request, a percentage also as a fraction, a measure also in the unit asked for.
import { type Candidate, candidate, type Scene, type Signs } from './candidate.ts';
import { type Mention, overlap } from './mention.ts';
import type { Parameter } from './parameter.ts';
import { windowOf } from './request.ts';
import { ratio, sameDimension, unitOf } from './units.ts';
import { functionWords, type Word } from './words.ts';

/** Words that decide between a percentage and a fraction, if a description has them. */
const decimalWords = /\bdecimal|\b0?\.\d|\bfraction|\bprobability|between 0 and 1/i;
const percentWords = /\bpercent|\bpercentage|\b\d+%\)?$/i;

/** One for each number, and its other readings. */
export function numberCandidates(parameter: Parameter, scene: Scene): Candidate[] {
  const { request, parameters } = scene;
  const found: Candidate[] = [];
  const covered = (mention: Mention) => request.dates.some((date) => overlap(date, mention));
  const plain = request.numbers.filter((mention) => !covered(mention));
  const best = Math.max(...plain.map((mention) => scene.similarity(parameter.text, windowOf(request, mention))));
  for (const [i, mention] of plain.entries()) {
    const signs = { ...around(parameter, mention, scene), ...order(parameter, i, plain.length, scene) };
    const needed = parameters.filter(({ type, required }) => type === 'number' && required).length;
    if (!parameter.required && plain.length > needed) {
      const named = (signs['name before'] ?? 0) > 0 || (signs['name after'] ?? 0) > 0 || signs['year asked for'];
      signs[named ? 'spare and named' : 'spare'] = 1;
    }
    signs.cosine = scene.similarity(parameter.text, windowOf(request, mention));
    signs['below best cosine'] = best - signs.cosine;
    const value = mention.value as number;
    if (mention.unit === 'percent') {
      const said = decimalWords.test(parameter.description)
        ? 'decimal'
        : percentWords.test(parameter.description)
          ? 'percent'
          : 'open';
      found.push(
        candidate(
          value / 100,
          { ...signs, [`fraction ${said}`]: 1, [`fraction ${parameter.integer ? 'integer' : 'float'}`]: 1 },
          mention,
        ),
      );
      found.push(candidate(value, { ...signs, [`percentage ${said}`]: 1 }, mention));
      continue;
    }
    if (parameter.integer && !Number.isInteger(value)) signs['not whole'] = 1;
    found.push(candidate(value, signs, mention));
    for (const unit of parameter.units) {
      const factor =
        mention.unit && mention.unit !== unit && !parameter.units.includes(mention.unit) ? ratio(mention.unit, unit) : undefined;
      if (factor)
        found.push(candidate(Number((value * factor).toPrecision(10)), { ...signs, 'same dimension': 0, converted: 1 }, mention));
    }
  }
  for (const date of request.dates) {
    const { year } = date.parts;
    if (year !== undefined && parameter.nameStems.includes('year')) found.push(candidate(year, { 'year of date': 1 }, date));
  }
  for (const time of request.times) {
    const hour = Number((time.value as string).slice(0, 2));
    found.push(candidate(hour, { 'hour of day': 1, ...around(parameter, time, scene) }, time));
  }
  // "next week", "the last month": a number of days, or of months.
  for (const match of request.text.matchAll(
    /\b(?:next|last|past|upcoming|coming|previous|this|a|an|per)\s+(day|week|month|year|hour)\b/gi,
  )) {
    const span = match[1]!.toLowerCase();
    for (const unit of parameter.units) {
      const factor = ratio(span, unit);
      if (!factor || factor < 1) continue;
      const mention: Mention = {
        kind: 'number',
        value: factor,
        start: match.index,
        end: match.index + match[0].length,
        unit: span,
      };
      found.push(candidate(factor, { 'next span': 1, [`next span ${span === unit ? 'of unit' : 'converted'}`]: 1 }, mention));
    }
  }
  return found;
}

/** Signs of what stands around a number. */
function around(parameter: Parameter, mention: Mention, { request, parameters }: Scene): Signs {
  const signs: Signs = { number: 1 };
  if (mention.spelled) signs.spelled = 1;
  if (mention.unit === 'ordinal') signs.ordinal = 1;
  const before = request.words
    .filter(({ end }) => end <= mention.start)
    .slice(-6)
    .reverse();
  const after = request.words.filter(({ start }) => start >= mention.end).slice(0, 5);
  const others = parameters.filter((other) => other !== parameter && other.type === 'number');
  for (const [side, words] of [
    ['before', within(before, mention, request.text)],
    ['after', within(after, mention, request.text)],
  ] as const) {
    for (const [distance, { stem }] of words.entries()) {
      const near = 1 / (1 + distance);
      const inName = parameter.nameStems.includes(stem);
      const shared = others.some(({ nameStems }) => nameStems.includes(stem));
      if (inName) add(signs, shared ? `shared name ${side}` : `name ${side}`, near);
      else if (parameter.descriptionStems.has(stem)) {
        const told = others.some(({ descriptionStems }) => descriptionStems.has(stem));
        add(signs, told ? `shared description ${side}` : `description ${side}`, near);
      } else if (others.some(({ nameStems }) => nameStems.includes(stem))) add(signs, `other's name ${side}`, near);
    }
  }
  if (mention.unit && mention.unit !== 'ordinal') {
    const has = parameter.units;
    if (has.includes(mention.unit)) signs['same unit'] = 1;
    else if (has.some((unit) => sameDimension(unit, mention.unit!))) signs['same dimension'] = 1;
    else if (has.length > 0) signs['other dimension'] = 1;
    else signs['unit, none asked for'] = 1;
    if (!has.includes(mention.unit) && others.some(({ units }) => units.includes(mention.unit!))) signs["other's unit"] = 1;
    if (mention.unit === 'currency' && moneyWords.test(parameter.text)) signs['money asked for'] = 1;
    if (
      mention.unit === 'percent' &&
      /rate|yield|percent|level|return|growth|interest|discount|tax|ratio|probability|confidence/i.test(parameter.text)
    )
      signs['share asked for'] = 1;
  } else if (parameter.units.length > 0) signs['no unit, one asked for'] = 1;
  const compound = compoundUnit(request.text.slice(mention.end, mention.end + 24));
  if (compound) {
    const asked = compoundUnits(parameter.text);
    if (asked.length > 0) signs[asked.includes(compound) ? 'same compound unit' : 'other compound unit'] = 1;
  }
  const value = mention.value as number;
  const year = Number.isInteger(value) && value > 1000 && value < 2100 && !mention.unit;
  if (/\byears?\b|season/.test(parameter.nameStems.join(' ')) && !parameter.nameStems.includes('per')) {
    signs[year ? 'year asked for' : 'no year, year asked for'] = 1;
  } else if (year) signs['year, none asked for'] = 1;
  // "a = 2"
  const label = /([\p{L}][\p{L}\p{N}_]*)\s*(?:=|:)\s*$/u.exec(
    request.text.slice(Math.max(0, mention.start - 24), mention.start),
  )?.[1];
  if (label)
    signs[
      label.toLowerCase() === parameter.name.toLowerCase() || label.toLowerCase() === parameter.nameStems.join('')
        ? 'labelled'
        : 'labelled otherwise'
    ] = 1;
  if (request.phrases.some((phrase) => phrase.form === 'formula' && overlap(phrase, mention))) signs['in formula'] = 1;
  if (request.phrases.some((phrase) => (phrase.form === 'quoted' || phrase.form === 'code') && overlap(phrase, mention)))
    signs['in quotation'] = 1;
  if (
    request.phrases.some(
      (phrase) => phrase.form === 'name' && phrase.end - phrase.start > mention.end - mention.start && overlap(phrase, mention),
    )
  )
    signs['in name'] = 1;
  if (request.times.some((time) => overlap(time, mention))) signs['in time'] = 1;
  if (request.numberLists.some((list) => list.end - list.start > mention.end - mention.start && overlap(list, mention)))
    signs['in list'] = 1;
  return signs;
}

const moneyWords =
  /price|cost|amount|budget|salary|income|revenue|investment|principal|value|payment|equity|dividend|money|fee|payout|loan|sale|profit|expense|deposit|debt|asset|purchase|fund|wage|rent|tax/i;

/** Words up to the end of the clause, function words left out. */
function within(words: readonly Word[], mention: Mention, text: string): Word[] {
  const found: Word[] = [];
  let { start, end } = mention;
  for (const word of words) {
    const between = word.start >= mention.end ? text.slice(end, word.start) : text.slice(word.end, start);
    if (/[.;?!]\s|,|\d/.test(between) || /^\d/.test(word.text)) break;
    ({ start, end } = word);
    if (!functionWords.has(word.lower)) found.push(word);
  }
  return found;
}

/** Signs of the order in which the arguments and the numbers come. */
function order(parameter: Parameter, i: number, count: number, { parameters }: Scene): Signs {
  const alike = parameters.filter(({ type, required }) => type === 'number' && required);
  const at = alike.indexOf(parameter);
  if (at < 0) return {};
  return { [count === alike.length ? 'same place, same count' : 'same place']: i === at ? 1 : 0 };
}

function add(signs: Signs, name: string, value: number) {
  signs[name] = Math.max(signs[name] ?? 0, value);
}

/** `m/s^2` of "m/s²", "meters/second^2" and the like, at the beginning of a text. */
function compoundUnit(text: string): string | undefined {
  const [, found] = /^\s?([\p{L}µμ]+(?:\s?(?:\/|per)\s?[\p{L}]+)?(?:\^\d|[²³])?)/u.exec(text) ?? [];
  return found && /[/^²³]|\bper\b/.test(found) ? plainUnit(found) : undefined;
}

/** All compound units of a description. */
function compoundUnits(text: string): string[] {
  return Array.from(
    text.matchAll(/(?<![\p{L}])[\p{L}]+(?:\s?(?:\/|\bper\b)\s?[\p{L}]+)(?:\^\d|[²³])?|(?<![\p{L}])[\p{L}]+(?:\^\d|[²³])/gu),
    ([unit]) => plainUnit(unit),
  );
}

function plainUnit(unit: string): string {
  const power = unit
    .replace('²', '^2')
    .replace('³', '^3')
    .replace(/\s?\bper\b\s?/, '/');
  return power.replace(/[\p{L}]+/gu, (word) => unitOf(word) ?? word.toLowerCase()).replace(/\s/g, '');
}
