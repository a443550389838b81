// Whether a tool answers a task at all: a logistic over how near the two are, what words they share, and whether the task holds
// values for what the tool must be given.
import { weightedSum } from '../util/log-linear.ts';
import type { Signs } from './fill/candidate.ts';
import type { FillableTool, Filled } from './fill/fill-arguments.ts';
import type { Mention } from './fill/mention.ts';
import { stemsOf } from './fill/text-candidates.ts';
import { askingWords, functionWords, nameWords, readWords, stem } from './fill/words.ts';

/** The task with the names of arguments in place of what was found for them: "the weather of city on date". */
export function masked({ scene, arguments: list }: Filled): string {
  const { text } = scene.request;
  const found = list
    .flatMap(({ parameter, chosen }) =>
      chosen?.mention ? [{ ...chosen.mention, name: nameWords(parameter.name).join(' ') }] : [],
    )
    .sort((a, b) => a.start - b.start);
  let told = '';
  let at = 0;
  for (const { start, end, name } of found) {
    if (start < at) continue;
    told += text.slice(at, start) + name;
    at = end;
  }
  return told + text.slice(at);
}

/** How near a tool is to a task, as cosines. */
export interface Nearness {
  similarity: number;
  /** Of {@link masked} and the tool. */
  masked: number;
}

/** What speaks for a tool, and against it. */
export function fitSigns({ similarity, masked }: Nearness, tool: FillableTool, { scene, arguments: list }: Filled): Signs {
  const { request, parameters, toolStems } = scene;
  const required = list.filter(({ parameter }) => parameter.required);
  const used = list.flatMap(({ chosen }) => (chosen?.mention ? [chosen.mention] : []));
  const inside = (word: { start: number; end: number }) =>
    used.some(({ start, end }: Mention) => start <= word.start && word.end <= end);
  const content = request.words.filter(
    ({ lower }) => !functionWords.has(lower) && !askingWords.has(lower) && !/^[\d.]+$/.test(lower),
  );
  const spoken = stemsOf(parameters.flatMap(({ nameStems, descriptionStems }) => [...nameStems, ...descriptionStems]));
  const share = (words: readonly { stem: string }[], known: (word: string) => boolean) =>
    words.length > 0 ? words.filter((word) => known(word.stem)).length / words.length : 0;
  const open = content.filter((word) => !inside(word));
  const named = nameWords(tool.name)
    .filter((word) => !askingWords.has(word))
    .map(stem);
  const described = [
    ...new Set(
      readWords(tool.description)
        .filter(({ lower }) => !functionWords.has(lower) && !askingWords.has(lower))
        .map((word) => word.stem),
    ),
  ];
  const sure = required.map(({ chosen }) => chosen?.probability ?? 0);
  return {
    bias: 1,
    similarity,
    masked,
    'words in tool': share(content, (word) => toolStems.has(word)),
    'open words in tool': share(open, (word) => toolStems.has(word)),
    'open words in tool or arguments': share(open, (word) => toolStems.has(word) || spoken.has(word)),
    'open words': Math.min(8, open.filter(({ stem: word }) => !toolStems.has(word) && !spoken.has(word)).length),
    'name in task': named.length > 0 ? named.filter((word) => request.stems.has(word)).length / named.length : 0,
    'description in task':
      described.length > 0 ? described.filter((word) => request.stems.has(word)).length / described.length : 0,
    'mean sureness': sure.length > 0 ? sure.reduce((sum, value) => sum + value, 0) / sure.length : 0.5,
    'least sureness': Math.min(1, ...sure),
    'without candidate': required.filter(({ candidates }) => candidates.length === 0).length,
    'nothing required': required.length === 0 ? 1 : 0,
    required: Math.min(4, required.length),
    'numbers left': Math.min(3, request.numbers.filter((number) => !inside(number)).length),
    'words of task': Math.log(1 + content.length),
    closest: Math.max(0, ...parameters.map(({ text }) => scene.similarity(request.text, text))),
  };
}

/** Probability that a tool answers the task, 0–1. */
export function fitOf(signs: Signs, weights: Readonly<Record<string, number>>): number {
  return 1 / (1 + Math.exp(-weightedSum(signs, weights)));
}
