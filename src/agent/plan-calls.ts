// From a task to calls: chooses a tool, fills its arguments with what stands in the task, asks the chat model for what remains, and
// checks each call. A task may ask for several calls of one tool.

import { tellIssues, type ValueCheck, valueCheck } from '../prompt/check-value.ts';
import { inputJsonSchema } from '../prompt/tool.ts';
import type { AgentContext } from '../spec/agent.ts';
import type { CallOptions } from '../spec/call.ts';
import type { JsonSchema } from '../spec/output.ts';
import type { ToolSet } from '../spec/tool.ts';
import { alignSeries } from './align-series.ts';
import type { Candidate, Signs } from './fill/candidate.ts';
import { type FillableTool, type Filled, type FilledArgument, fillArguments } from './fill/fill-arguments.ts';
import { fillByModel } from './fill/fill-by-model.ts';
import { fitInput } from './fill/fit-input.ts';
import { type Request, readRequest } from './fill/request.ts';
import { fitted, type PlanWeights } from './plan-weights.ts';
import { type RankedTool, rankTools } from './rank-tools.ts';
import { findSeries, splitSigns } from './split-task.ts';
import { fitOf, fitSigns, masked } from './tool-fit.ts';

/** A call that the task asks for. */
export interface PlannedCall {
  tool: string;
  /** Valid by the tool's schema. */
  input: Record<string, unknown>;
  /** Where the value of each argument is from. */
  sources: Readonly<Record<string, 'request' | 'model'>>;
}

/** What a task asks for. */
export interface CallPlan {
  calls: readonly PlannedCall[];
  /** Tools that were looked at, best first. */
  tools: readonly RankedTool[];
  /** Probability that the best tool answers the task, 0–1. */
  fit: number;
  /** Why there is no call. */
  abstained?: string;
}

/** Below this probability no tool fits. Whoever offers several has more likely one for the task among them. */
const leastFit = { one: 0.2, several: 0.06 };
/** A required argument that is less sure than this is asked of the model. */
const leastSure = 0.15;
/** Tools that are less far behind the nearest one, as a cosine, are told apart by what they have a place for. */
const nearness = 0.04;
/** What a number, date or list of the task that has a place is worth, as a cosine. */
const used = 0.015;
/** Times that the model is asked again for an argument that is not valid. */
const repairs = 2;

/** Options of {@link planCalls}. */
export interface PlanOptions extends CallOptions {
  /** Others than the fitted ones. */
  weights?: PlanWeights;
}

/** Plans the calls of a task; none where no tool fits. */
export async function planCalls(
  task: string,
  tools: ToolSet,
  { llm, embedder }: AgentContext,
  { signal, weights = fitted }: PlanOptions = {},
): Promise<CallPlan> {
  const ranked = await rankTools(task, tools, embedder, 5, signal);
  const request = readRequest(unquoted(task));
  const [first] = ranked;
  if (!first) return { calls: [], tools: [], fit: 0, abstained: 'There is no tool.' };
  let best: { tool: FillableTool; filled: Filled; similarity: number; worth: number } | undefined;
  for (const { name, similarity } of ranked.filter(({ similarity }) => first.similarity - similarity < nearness)) {
    const tool = fillable(name, tools);
    const filled = await fillArguments(request, tool, embedder, { signal, weights: weights.values });
    const worth = similarity + used * placed(filled);
    if (!best || worth > best.worth) best = { tool, filled, similarity, worth };
  }
  const { tool, filled, similarity } = best!;
  const [again] = await rankTools(masked(filled), { [tool.name]: tools[tool.name]! }, embedder, 1, signal);
  const fit = fitOf(fitSigns({ similarity, masked: again!.similarity }, tool, filled), weights.fit);
  if (fit < leastFit[ranked.length > 1 ? 'several' : 'one'])
    return { calls: [], tools: ranked, fit, abstained: 'No tool fits the task.' };
  const check = await valueCheck(tools[tool.name]!.inputSchema);
  const calls: PlannedCall[] = [];
  const asked = new Map<string, unknown>();
  for (const row of rowsOf(filled, request, weights.split)) {
    const call = await complete(tool, filled, row, check, async (argument, complaint) => {
      const name = argument.parameter.path.join('.');
      // What it could not say once, in the room it had, it does not say when it is asked again.
      if (asked.has(name) && (!complaint || asked.get(name) === undefined)) return asked.get(name);
      const value = await fillByModel(task, tool, argument, llm, { ...(signal && { signal }), ...(complaint && { complaint }) });
      asked.set(name, value);
      return value;
    });
    if (!call)
      return { calls: [], tools: ranked, fit, abstained: `The arguments of "${tool.name}" could not be found in the task.` };
    calls.push(call);
  }
  return { calls, tools: ranked, fit };
}

/** Numbers, dates and lists of the task that are values of arguments. */
function placed({ arguments: list }: Filled): number {
  return list.filter(({ chosen }) => chosen?.mention && chosen.mention.kind !== 'phrase' && chosen.mention.kind !== 'phrases')
    .length;
}

type Row = readonly (Candidate | undefined)[];

/** The values of each call. */
function rowsOf(filled: Filled, request: Request, weights: Readonly<Signs>): Row[] {
  const series = findSeries(filled);
  const several = series.some(({ values }) => values.length > 1);
  if (several && fitOf(splitSigns(series, request.text), weights) > 0.5) return alignSeries(series, request);
  return [filled.arguments.map(({ chosen }) => chosen)];
}

/** A valid call; undefined where what it needs was not found. */
async function complete(
  tool: FillableTool,
  filled: Filled,
  row: Row,
  check: ValueCheck,
  ask: (argument: FilledArgument, complaint?: string) => Promise<unknown>,
): Promise<PlannedCall | undefined> {
  const input: Input = {};
  const sources: Record<string, 'request' | 'model'> = {};
  const take = ({ parameter }: FilledArgument, value: unknown, source: 'request' | 'model') => {
    if (value === undefined) return;
    setAt(input, parameter.path, value);
    sources[parameter.path.join('.')] = source;
  };
  for (const [i, argument] of filled.arguments.entries()) {
    const found = row[i];
    if (found?.value !== undefined) take(argument, fitInput(found.value, argument.parameter.schema as JsonSchema), 'request');
    const own = found?.score === argument.chosen?.score;
    if (argument.parameter.required && (found?.value === undefined || (own && found.probability < leastSure))) {
      take(argument, await ask(argument), 'model');
    }
  }
  for (let round = 0; ; round++) {
    const { issues } = await check(input);
    if (issues.length === 0) return { tool: tool.name, input, sources };
    if (round === repairs) return undefined;
    for (const argument of filled.arguments) {
      const { path, required } = argument.parameter;
      const pointer = `/${path.join('/')}`;
      const missing = required && getAt(input, path) === undefined;
      if (!missing && !issues.some(({ at }) => at === pointer || at.startsWith(`${pointer}/`))) continue;
      setAt(input, path, undefined);
      delete sources[path.join('.')];
      if (required) take(argument, await ask(argument, tellIssues(issues)), 'model');
    }
  }
}

type Input = Record<string, unknown>;

function getAt(input: Input, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Input | undefined)?.[name], input);
}

/** Sets a value, or with undefined takes it away. */
function setAt(input: Input, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (rest.length > 0) {
    input[name!] ??= {};
    setAt(input[name!] as Input, rest, value);
  } else if (value === undefined) delete input[name!];
  else input[name!] = value;
}

function fillable(name: string, tools: ToolSet): FillableTool {
  const { description, inputSchema } = tools[name]!;
  return { name, description, schema: inputJsonSchema(inputSchema) };
}

/** A task that is a quotation as a whole. */
export function unquoted(task: string): string {
  return task.trim().replace(/^["“'](.*)["”']$/s, '$1');
}
