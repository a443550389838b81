// Candidates of arguments that choose: options, yes or no; and of lists of numbers.
import { type Candidate, candidate, type Scene, type Signs } from './candidate.ts';
import type { Parameter } from './parameter.ts';
import { functionWords, readWords } from './words.ts';

/** One for each option, with how far the request speaks of it. */
export function optionCandidates(parameter: Parameter, scene: Scene): Candidate[] {
  const { request, similarity } = scene;
  const closeness = parameter.options.map((option) =>
    Math.max(
      similarity(request.text, String(option)),
      ...request.phrases.map(({ value }) => similarity(value as string, String(option))),
    ),
  );
  const best = Math.max(...closeness);
  return parameter.options.map((option, i) => {
    const text = String(option).replace(/[_-]/g, ' ').toLowerCase();
    const words = readWords(text).filter(({ lower }) => !functionWords.has(lower));
    const hits = words.filter(({ stem }) => request.stems.has(stem)).length;
    const at = spoken(request.text, text);
    const signs: Signs = {
      option: 1,
      cosine: closeness[i]!,
      'below best cosine': best - closeness[i]!,
      covered: words.length > 0 ? hits / words.length : 0,
    };
    if (at >= 0) {
      signs.spoken = 1;
      if (
        parameter.options.some(
          (other) =>
            other !== option &&
            String(other).length > text.length &&
            String(other).toLowerCase().includes(text) &&
            spoken(request.text, String(other).toLowerCase()) >= 0,
        )
      )
        signs['part of another'] = 1;
    }
    if (parameter.default?.toLowerCase() === text) signs.default = 1;
    if (i === 0) signs.first = 1;
    if (words.length === 0 || text.length < 3) signs.short = 1;
    const mention = at >= 0 ? { kind: 'phrase' as const, value: text, start: at, end: at + text.length } : undefined;
    return candidate(option, signs, mention);
  });
}

/** The options that the request names, all in one list; and each alone. */
export function optionsCandidates(parameter: Parameter, scene: Scene): Candidate[] {
  const single = optionCandidates(parameter, scene);
  const sets = [1, 0.5].map((least) => single.filter(({ signs, mention }) => mention || signs.covered! >= least));
  const several = sets
    .filter((set, i) => set.length > 1 && (i === 0 || set.length > sets[0]!.length))
    .map((set) => {
      const signs = {
        several: 1,
        covered: Math.min(...set.map(({ signs }) => signs.covered!)),
        spoken: set.every(({ mention }) => mention) ? 1 : 0,
        all: set.length === single.length ? 1 : 0,
      };
      return candidate(
        set.map(({ value }) => value),
        signs,
        set.find(({ mention }) => mention)?.mention,
      );
    });
  return [...several, ...single.map((one) => ({ ...one, value: [one.value] }))];
}

function spoken(text: string, option: string): number {
  const pattern = option.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '[\\s-]+');
  return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'iu').exec(text)?.index ?? -1;
}

/** A negation is rare, and says much. */
const denial = 3;

const negations = /\b(?:not|no|without|don't|doesn't|exclud\w*|never|ignor\w*|neglect\w*)\b/i;

/** Yes where the request speaks of what the argument is about, no where it does so with a negation. */
export function booleanCandidates(parameter: Parameter, scene: Scene): Candidate[] {
  const { request, toolStems } = scene;
  const flag = /^(?:is|has|include|get|return|show|with|allow|use|enable|only|option|status|flag|valu|tru|fals|if|whether|add)$/;
  const own = parameter.nameStems.filter((word) => !flag.test(word) && !toolStems.has(word));
  const words = own.length > 0 ? own : parameter.nameStems.filter((word) => !flag.test(word));
  const hits = words.filter((word) => request.stems.has(word));
  const described = [...parameter.descriptionStems].filter((word) => !toolStems.has(word) && !flag.test(word));
  const told = described.filter((word) => request.stems.has(word)).length / (described.length || 1);
  const place = request.words.find(({ stem }) => hits.includes(stem))?.start ?? -1;
  const denied = place >= 0 && negations.test(request.text.slice(Math.max(0, place - 30), place)) ? denial : 0;
  const covered = words.length > 0 ? hits.length / words.length : 0;
  const base: Signs = {
    covered,
    'all covered': covered === 1 ? 1 : 0,
    described: told,
    denied,
    required: parameter.required ? 1 : 0,
  };
  const isDefault = (value: boolean) => (parameter.default?.toLowerCase() === String(value) ? 1 : 0);
  return [true, false].map((value) =>
    candidate(
      value,
      Object.fromEntries(
        [
          ...Object.entries(base),
          ['bias', 1],
          ['default', isDefault(value)],
          ['against default', parameter.default && !isDefault(value) ? 1 : 0],
        ].map(([name, sign]) => [`${value} ${name}`, sign as number]),
      ),
    ),
  );
}

/** Lists in brackets, and numbers strung together. */
export function numbersCandidates(parameter: Parameter, scene: Scene): Candidate[] {
  const { request, parameters } = scene;
  const nested = (parameter.schema.items as { type?: unknown } | undefined)?.type === 'array';
  const alike = parameters.filter(({ type }) => type === 'numbers');
  const lists = request.numberLists;
  const found = lists.map((list, i) => {
    const value = list.value as readonly (number | number[])[];
    const deep = Array.isArray(value[0]);
    const near = request.words
      .filter(({ end }) => end <= list.start)
      .slice(-4)
      .map(({ stem }) => stem);
    const signs: Signs = {
      list: 1,
      'right depth': deep === nested ? 1 : 0,
      length: Math.min(value.length, 6),
      'name before': parameter.nameStems.some((word) => near.includes(word)) ? 1 : 0,
      'description before': near.some((word) => parameter.descriptionStems.has(word)) ? 1 : 0,
      bracketed: /[[({]/.test(request.text[list.start]!) ? 1 : 0,
      'same place': i === alike.indexOf(parameter) ? 1 : 0,
      'whole numbers, others asked for': parameter.integer && !value.flat().every(Number.isInteger) ? 1 : 0,
    };
    return candidate(nested && !deep ? [value] : value, signs, list);
  });
  const alone = request.numbers.map((number) => candidate([number.value], { 'number alone': 1 }, number));
  return [...found, ...alone];
}
