// From a task to calls: chooses a tool, fills its arguments with what stands in the task, asks the chat model for what remains, and
// checks each call. A task may ask for several calls of one tool.

import { tellIssues, type ValueCheck, valueCheck } from '../prompt/check-value.ts';
import { inputJsonSchema } from '../prompt/tool.ts';
import type { AgentContext } from '../spec/agent.ts';
import type { CallOptions } from '../spec/call.ts';
import type { JsonSchema } from '../spec/output.ts';
import type { ToolSet } from '../spec/tool.ts';
import type { Candidate } from './fill/candidate.ts';
import { type FillableTool, type Filled, type FilledArgument, fillArguments } from './fill/fill-arguments.ts';
import { fillByModel } from './fill/fill-by-model.ts';
import { fitInput } from './fill/fit-input.ts';
import { type Request, readRequest } from './fill/request.ts';
import { fitWeights, splitWeights } from './plan-weights.ts';
import { type RankedTool, rankTools } from './rank-tools.ts';
import { alignSeries, findSeries, splitSigns } from './split-task.ts';
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
const leastFit = { one: 0.2, several: 0.08 };
/** A required argument that is less sure than this is asked of the model. */
const leastSure = 0.15;
/** Tools whose arguments are tried. */
const tried = 2;
/** How much nearer another tool may be to the task than one whose arguments fill better. */
const nearness = 0.03;
/** Times that the model is asked again for an argument that is not valid. */
const repairs = 2;

/** Plans the calls of a task; none where no tool fits. */
export async function planCalls(
  task: string,
  tools: ToolSet,
  { llm, embedder }: AgentContext,
  { signal }: CallOptions = {},
): Promise<CallPlan> {
  const ranked = await rankTools(task, tools, embedder, 5, signal);
  const request = readRequest(unquoted(task));
  const [first, second] = ranked;
  if (!first) return { calls: [], tools: [], fit: 0, abstained: 'There is no tool.' };
  const close = ranked
    .slice(0, tried)
    .filter(({ similarity }) => first.similarity - similarity < nearness || second === undefined);
  let best: { tool: FillableTool; filled: Filled; fit: number } | undefined;
  for (const { name, similarity } of close) {
    const tool = fillable(name, tools);
    const filled = await fillArguments(request, tool, embedder, signal);
    const [again] = await rankTools(masked(filled), { [name]: tools[name]! }, embedder, 1, signal);
    const fit = fitOf(fitSigns({ similarity, masked: again!.similarity }, tool, filled), fitWeights);
    if (!best || fit > best.fit + 0.2) best = { tool, filled, fit };
  }
  const { tool, filled, fit } = best!;
  if (fit < leastFit[ranked.length > 1 ? 'several' : 'one'])
    return { calls: [], tools: ranked, fit, abstained: 'No tool fits the task.' };
  const check = await valueCheck(tools[tool.name]!.inputSchema);
  const calls: PlannedCall[] = [];
  const asked = new Map<string, unknown>();
  for (const row of rowsOf(filled, request)) {
    const call = await complete(tool, filled, row, check, async (argument, complaint) => {
      const { name } = argument.parameter;
      if (!complaint && asked.has(name)) return asked.get(name);
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

type Row = readonly (Candidate | undefined)[];

/** The values of each call. */
function rowsOf(filled: Filled, request: Request): Row[] {
  const series = findSeries(filled);
  const several = series.some(({ values }) => values.length > 1);
  if (several && fitOf(splitSigns(series, request.text), splitWeights) > 0.5) return alignSeries(series, request);
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
  const input: Record<string, unknown> = {};
  const sources: Record<string, 'request' | 'model'> = {};
  for (const [i, argument] of filled.arguments.entries()) {
    const { name, required } = argument.parameter;
    const value = row[i];
    const unsure =
      required &&
      (!value || value.value === undefined || (value.score === argument.chosen?.score && value.probability < leastSure));
    const answer = unsure ? await ask(argument) : undefined;
    if (answer !== undefined) [input[name], sources[name]] = [answer, 'model'];
    else if (value?.value !== undefined)
      [input[name], sources[name]] = [fitInput(value.value, argument.parameter.schema as JsonSchema), 'request'];
  }
  for (let round = 0; ; round++) {
    const { issues } = await check(input);
    if (issues.length === 0) return { tool: tool.name, input, sources };
    if (round === repairs) return undefined;
    const complaint = tellIssues(issues);
    for (const argument of filled.arguments) {
      const { name, required } = argument.parameter;
      const missing = required && input[name] === undefined;
      if (!missing && !issues.some(({ at }) => at === `/${name}` || at.startsWith(`/${name}/`))) continue;
      if (!required) {
        delete input[name];
        continue;
      }
      const answer = await ask(argument, complaint);
      if (answer !== undefined) [input[name], sources[name]] = [answer, 'model'];
    }
  }
}

function fillable(name: string, tools: ToolSet): FillableTool {
  const { description, inputSchema } = tools[name]!;
  return { name, description, schema: inputJsonSchema(inputSchema) };
}

/** A task that is a quotation as a whole. */
function unquoted(task: string): string {
  return task.trim().replace(/^["“'](.*)["”']$/s, '$1');
}
