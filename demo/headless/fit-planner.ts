// Fits what planning has learned: values of arguments first, then whether a tool fits and whether several calls are wanted, which look
// at the values. Every fifth case in turn is kept back, planned with what the others taught, and told as the validation.
import type { Candidate, Signs, Weights } from '../../src/agent/fill/candidate.ts';
import { type FillableTool, fillArguments } from '../../src/agent/fill/fill-arguments.ts';
import { readRequest } from '../../src/agent/fill/request.ts';
import { candidatesOf, weighedAs } from '../../src/agent/fill/weigh.ts';
import { planCalls, unquoted } from '../../src/agent/plan-calls.ts';
import type { PlanWeights } from '../../src/agent/plan-weights.ts';
import { rankTools } from '../../src/agent/rank-tools.ts';
import { findSeries, splitSigns } from '../../src/agent/split-task.ts';
import { fitSigns, masked } from '../../src/agent/tool-fit.ts';
import { sameValue } from '../../src/eval/call-match.ts';
import { evaluateTools, summarizeTools, type ToolCase, type ToolRow } from '../../src/eval/evaluate-tools.ts';
import { type Choice, fitChoices, fitLogistic } from '../../src/eval/logit.ts';
import type { Embedder, Llm } from '../../src/index.ts';

/** Cases by the name of their set. */
export type ToolSets = readonly { set: string; cases: readonly ToolCase[] }[];

/** A case with what it teaches of values. */
interface Lesson {
  item: ToolCase;
  set: string;
  choices: { type: string; choice: Choice }[];
}

const folds = 5;

/** What was fitted to all cases, and how each set went, planned without its own cases and without a chat model. */
export interface FittedPlanner {
  weights: PlanWeights;
  validation: ToolRow[];
}

/** Fits and validates. @param onProgress is told what is being done */
export async function fitPlanner(
  sets: ToolSets,
  model: Embedder,
  onProgress: (what: string) => void = () => {},
): Promise<FittedPlanner> {
  const embedder = remembering(model);
  onProgress('reading');
  const lessons: Lesson[] = [];
  for (const { set, cases } of sets)
    for (const item of cases) lessons.push({ item, set, choices: await choicesOf(item, embedder) });
  const results = new Map(sets.map(({ set }) => [set, [] as Awaited<ReturnType<typeof evaluateTools>>]));
  for (let fold = 0; fold < folds; fold++) {
    onProgress(`part ${fold + 1} of ${folds}`);
    const kept = ({ item }: Lesson) => Number(/\d+$/.exec(item.id)?.[0] ?? 0) % folds === fold;
    const weights = await fitAll(
      lessons.filter((lesson) => !kept(lesson)),
      embedder,
    );
    for (const [set, list] of results) {
      const own = lessons.filter((lesson) => lesson.set === set && kept(lesson)).map(({ item }) => item);
      list.push(
        ...(await evaluateTools(
          async (task, tools) => (await planCalls(task, tools, { llm: silent, embedder }, { weights })).calls,
          own,
        )),
      );
    }
  }
  onProgress('all');
  const validation = [...results].map(([set, list]) => summarizeTools(set, list, 0));
  return { weights: await fitAll(lessons, embedder), validation };
}

async function fitAll(lessons: readonly Lesson[], embedder: Embedder): Promise<PlanWeights> {
  const values = fitValues(lessons);
  const fits: { signs: Signs; yes: boolean }[] = [];
  const splits: { signs: Signs; yes: boolean }[] = [];
  for (const { item, set } of lessons) {
    const [best] = await rankTools(item.task, item.tools, embedder, 1);
    const tool = fillable(best!.name, item);
    const filled = await fillArguments(readRequest(unquoted(item.task)), tool, embedder, { weights: values });
    if (item.wanted.length < 2) {
      const [again] = await rankTools(masked(filled), { [tool.name]: item.tools[tool.name]! }, embedder, 1);
      fits.push({
        signs: fitSigns({ similarity: best!.similarity, masked: again!.similarity }, tool, filled),
        yes: item.wanted.length > 0,
      });
    }
    const series = findSeries(filled);
    if (item.wanted.length > 0 && series.some(({ values }) => values.length > 1)) {
      splits.push({ signs: splitSigns(series, filled.scene.request.text), yes: set === 'parallel' });
    }
  }
  return {
    values,
    fit: rounded(fitLogistic(fits, { penalty: 0.003, balanced: true }), 3),
    split: rounded(fitLogistic(splits), 3),
  };
}

function fitValues(lessons: readonly Lesson[]): Weights {
  const byType = new Map<string, Choice[]>();
  for (const { type, choice } of lessons.flatMap(({ choices }) => choices))
    byType.set(type, [...(byType.get(type) ?? []), choice]);
  return Object.fromEntries([...byType].map(([type, choices]) => [type, rounded(fitChoices(choices), 2)]));
}

/** What each argument could have been, and what was right. */
async function choicesOf(item: ToolCase, embedder: Embedder): Promise<Lesson['choices']> {
  const { task, tools, wanted } = item;
  const [first] = wanted;
  if (!first || !tools[first.tool]) return [];
  const { scene } = await fillArguments(readRequest(unquoted(task)), fillable(first.tool, item), embedder, { weights: {} });
  return scene.parameters.flatMap((parameter) => {
    if (parameter.path.length > 1) return [];
    // A value of any of the calls is one of the argument.
    const accepted = wanted.flatMap(({ input }) => input[parameter.name] ?? ['']);
    const right = ({ value }: Candidate) =>
      value === undefined ? accepted.includes('') : accepted.some((one) => sameValue(value, one));
    const candidates = candidatesOf(parameter, scene);
    if (candidates.length === 0) return [];
    return [
      { type: weighedAs(parameter), choice: { signs: candidates.map(({ signs }) => signs), right: candidates.map(right) } },
    ];
  });
}

function fillable(name: string, { tools }: ToolCase): FillableTool {
  const { description, inputSchema } = tools[name]!;
  return { name, description, schema: inputSchema as FillableTool['schema'] };
}

/** Small weights are left out. */
function rounded(weights: Readonly<Signs>, digits: number): Signs {
  const entries = Object.entries(weights).map(([name, value]) => [name, Number(value.toFixed(digits))] as const);
  return Object.fromEntries(entries.filter(([, value]) => Math.abs(value) >= 0.02).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Each text is embedded once, however often it is asked for. */
function remembering(model: Embedder): Embedder {
  const known = new Map<string, Float32Array>();
  return {
    ...model,
    async embed(texts, options) {
      const missing = [...new Set(texts)].filter((text) => !known.has(text));
      const { data, dimension } = await model.embed(missing, options);
      for (const [i, text] of missing.entries()) known.set(text, data.slice(i * dimension, (i + 1) * dimension));
      const all = new Float32Array(texts.length * dimension);
      for (const [i, text] of texts.entries()) all.set(known.get(text)!, i * dimension);
      return { data: all, rows: texts.length, dimension };
    },
  };
}

/** A model that has nothing to say. */
const silent: Llm = {
  load: () => Promise.reject(new Error('There is no model.')),
  async *generate() {
    yield {
      type: 'done',
      text: '',
      reason: 'stop',
      usage: { promptTokens: 0, completionTokens: 0 },
      timings: { prefillMs: 0, decodeMs: 0 },
    };
  },
  countTokens: async () => 0,
  close: async () => {},
};
