// Candidates of text arguments: the phrases of the request, with what leads to them and what they are like.
import { type Candidate, candidate, type Scene, type Signs } from './candidate.ts';
import { currencyCode } from './currencies.ts';
import { type Mention, overlap } from './mention.ts';
import type { Parameter } from './parameter.ts';
import { formatDate } from './read-dates.ts';
import { unitOf } from './units.ts';
import { functionWords, leadWords, readWords, stem } from './words.ts';

/** One for each phrase; dates and times for what asks for them. */
export function textCandidates(parameter: Parameter, scene: Scene): Candidate[] {
  const { request } = scene;
  const { phrases } = request;
  const found: Candidate[] = [];
  const best = Math.max(...phrases.map(({ value }) => scene.similarity(parameter.text, value as string)));
  const named = phrases.filter(({ form }) => form === 'name');
  for (const phrase of phrases) {
    const signs = phraseSigns(parameter, phrase, scene);
    signs['below best cosine'] = best - (signs.cosine ?? 0);
    const at = maximal(named).indexOf(phrase);
    if (at >= 0) Object.assign(signs, order(parameter, at, scene));
    found.push(candidate(stripped(phrase.value as string), signs, phrase));
    const code = parameter.topic === 'currency' && currencyCode(phrase.value as string);
    if (code) found.push(candidate(code, { ...signs, 'currency code': 1 }, phrase));
  }
  // What a request quotes is most likely in its own language.
  if (parameter.topic === 'language') found.push(candidate('English', { 'language of request': 1 }));
  for (const date of request.dates) {
    const signs = {
      date: 1,
      [`date for ${parameter.topic}`]: 1,
      ...leads(parameter, date, scene),
      ...order(parameter, request.dates.indexOf(date), scene),
    };
    found.push(candidate(formatDate(date, parameter.description, request.text), signs, date));
  }
  for (const time of request.times) {
    const asked = /\btime|hour/i.test(parameter.text) ? 1 : 0;
    found.push(candidate(request.text.slice(time.start, time.end), { time: 1, 'time asked for': asked }, time));
  }
  for (const number of request.numbers) {
    if (number.spelled) continue;
    const asked = parameter.nameStems.some((word) => word === 'year' || word === 'season' || word === 'id');
    const named = request.words.some(
      ({ end, stem }) => end <= number.start && number.start - end < 3 && parameter.nameStems.includes(stem),
    );
    const signs = { figure: 1, 'figure asked for': asked ? 1 : 0, 'figure named': named ? 1 : 0 };
    found.push(candidate(request.text.slice(number.start, number.end), signs, number));
  }
  return found;
}

/** Candidates of arguments that take several texts: chains of phrases, and phrases alone. */
export function textsCandidates(parameter: Parameter, scene: Scene): Candidate[] {
  const chains = scene.request.phraseLists.map((chain) => {
    const first: Mention = {
      kind: 'phrase',
      value: (chain.value as string[])[0]!,
      start: chain.start,
      end: chain.start + (chain.value as string[])[0]!.length,
      ...(chain.form && { form: chain.form }),
    };
    const signs = phraseSigns(parameter, first, scene);
    return candidate(
      (chain.value as string[]).map(stripped),
      { ...signs, chain: 1, 'chain length': (chain.value as string[]).length },
      chain,
    );
  });
  const alone = textCandidates(parameter, scene).map((one) => ({ ...one, value: [one.value] }));
  return [...chains, ...alone];
}

/** Without an article or mark at its ends. */
function stripped(value: string): string {
  return value.replace(/^(?:the|an?)\s+(?=\S)/i, (article) => (/^[A-Z]/.test(article) ? article : '')).replace(/['’]s$/, '');
}

/** Names and quotations that are part of no longer one. */
function maximal(phrases: readonly Mention[]): Mention[] {
  return phrases.filter(
    (phrase) => !phrases.some((other) => other !== phrase && other.start <= phrase.start && other.end >= phrase.end),
  );
}

/** Names that may be two: "Japan and India", "Rome, Paris, London". */
const joined = / (?:and|in|for) |,.*,/;

function phraseSigns(parameter: Parameter, phrase: Mention, scene: Scene): Signs {
  const { request, toolStems, parameters, similarity } = scene;
  const value = phrase.value as string;
  const { topic, nameStems, descriptionStems } = parameter;
  const inside = readWords(value);
  const stems = inside.map((word) => word.stem);
  const longer = request.phrases.filter(
    (other) =>
      other.form === phrase.form &&
      !joined.test(other.value as string) &&
      other.start <= phrase.start &&
      other.end >= phrase.end &&
      other.end - other.start > phrase.end - phrase.start,
  );
  const cosine = similarity(parameter.text, value);
  const others = parameters.filter((other) => other !== parameter && (other.type === 'text' || other.type === 'texts'));
  const signs: Signs = {
    phrase: 1,
    [`form ${phrase.form}`]: 1,
    [`${topic} ${phrase.form}`]: 1,
    cosine,
    "cosine with other's": Math.max(0, ...others.map(({ text }) => similarity(text, value))),
    words: inside.length,
    'many words': inside.length > 3 ? 1 : 0,
    ...leads(parameter, phrase, scene),
  };
  if (phrase.form === 'name' && joined.test(value)) signs['joined name'] = 1;
  if (longer.length > 0) {
    signs[`part of ${phrase.form}`] = 1;
    signs[`${longer.some(({ start }) => start === phrase.start) ? 'beginning' : 'not beginning'} of ${phrase.form}`] = 1;
  }
  if (
    phrase.form !== 'quoted' &&
    request.phrases.some((other) => other.form === 'quoted' && other.start <= phrase.start && other.end >= phrase.end)
  )
    signs['inside quotation'] = 1;
  if (
    phrase.form === 'plain' &&
    request.phrases.some(
      (other) => (other.form === 'name' || other.form === 'formula' || other.form === 'code') && overlap(other, phrase),
    )
  )
    signs['touches name'] = 1;
  const share = (of: (word: string) => boolean) => stems.filter(of).length / stems.length;
  signs['in tool'] = share((word) => toolStems.has(word));
  signs['in own name'] = share((word) => nameStems.includes(word));
  signs['in own description'] = share((word) => descriptionStems.has(word));
  signs["in other's name"] = share((word) => others.some((other) => other.nameStems.includes(word)));
  const last = stems.at(-1)!;
  if (nameStems.includes(last) || toolStems.has(last)) signs[`ends with what it is, ${phrase.form}`] = 1;
  if (nameStems.includes(stems[0]!) || toolStems.has(stems[0]!)) signs[`begins with what it is, ${phrase.form}`] = 1;
  if (phrase.form === 'plain' && /^\p{Lu}/u.test(value)) signs['plain, begins with a capital'] = 1;
  const unit = unitOf(inside.at(-1)!.lower);
  if (unit) {
    const measured = /\d\s?$/.test(request.text.slice(0, phrase.start)) ? ', of a number' : '';
    const other =
      topic === 'unit' && parameter.default && unitOf(parameter.default.toLowerCase()) !== unit ? ', not the default' : '';
    signs[`unit for ${topic}${measured}${other}`] = 1;
  }
  if (!unit && topic === 'unit') signs['no unit, one asked for'] = 1;
  if (parameter.default !== undefined && parameter.default.toLowerCase() === value.toLowerCase()) signs['is the default'] = 1;
  if (/,/.test(value)) {
    const region = topic === 'place' && others.some((other) => other.topic === 'place');
    const asked = /city and state|city, state|state|country/i.test(parameter.description);
    signs[region ? 'comma, region of its own' : asked ? 'comma, region asked for' : 'comma'] = 1;
  }
  if (parameter.examples.some((example) => example.includes(value.toLowerCase()))) signs['in examples'] = 1;
  if (/\d/.test(value)) signs[`figures ${topic === 'code' ? 'in code' : 'elsewhere'}`] = 1;
  if (/^\d[\d.,]*$/.test(value)) signs['only figures'] = 1;
  if (phrase.start < 3 || /[.?!]\s*$/.test(request.text.slice(0, phrase.start))) signs['opens sentence'] = 1;
  if (/ing$|ed$/.test(inside[0]!.lower) && inside.length === 1) signs['verb form'] = 1;
  return signs;
}

/** Signs of the words before and behind. */
function leads(parameter: Parameter, { start, end }: Mention, { request, toolStems }: Scene): Signs {
  const signs: Signs = {};
  const before = request.words
    .filter((word) => word.end <= start)
    .slice(-4)
    .reverse();
  const next = request.words.find((word) => word.start >= end);
  const skipped = before.filter(({ lower }) => !/^(?:the|an?|my|our|its|his|her)$/.test(lower));
  const [previous] = skipped;
  const touching = previous && !/[.;?!:,]\s/.test(request.text.slice(previous.end, start));
  if (!previous || !touching) signs['no lead'] = 1;
  else if (leadWords.has(previous.lower)) {
    signs[`lead ${previous.lower}`] = 1;
    signs[`${parameter.topic} ${previous.lower}`] = 1;
    if (parameter.role) signs[`${parameter.role} ${previous.lower}`] = 1;
    const noun = skipped[1];
    if (noun && parameter.nameStems.includes(noun.stem)) signs['named before lead'] = 1;
    else if (noun && parameter.descriptionStems.has(noun.stem)) signs['described before lead'] = 1;
  } else if (functionWords.has(previous.lower)) signs['function word before'] = 1;
  else {
    signs['content before'] = 1;
    if (parameter.nameStems.includes(previous.stem)) signs['name before'] = 1;
    else if (parameter.descriptionStems.has(previous.stem)) signs['description before'] = 1;
    else if (toolStems.has(previous.stem)) signs['tool before'] = 1;
  }
  if (next && /^['"”’]?\s$/.test(request.text.slice(end, next.start))) {
    if (parameter.nameStems.includes(next.stem)) signs['name behind'] = 1;
    else if (parameter.descriptionStems.has(next.stem)) signs['description behind'] = 1;
    else if (toolStems.has(next.stem)) signs['tool behind'] = 1;
    else if (!functionWords.has(next.lower)) signs['content behind'] = 1;
  }
  return signs;
}

/** Signs of the order of arguments of one kind, like two places. */
function order(parameter: Parameter, at: number, { parameters }: Scene): Signs {
  const alike = parameters.filter(
    ({ type, topic }) => type === 'text' && (topic === parameter.topic || pair(topic, parameter.topic)),
  );
  return alike.length > 1 && alike.indexOf(parameter) === at ? { 'same place': 1 } : { 'other place': alike.length > 1 ? 1 : 0 };
}

function pair(first: string, second: string): boolean {
  return (first === 'origin' && second === 'destination') || (first === 'destination' && second === 'origin');
}

/** Stems of a tool's name and description. */
export function stemsOf(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => readWords(text).map(({ lower }) => stem(lower))));
}
