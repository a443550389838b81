// Measures function calling: each request is planned once, and its calls are compared with those that were wanted.

import { valueCheck } from '../prompt/check-value.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { ToolSet } from '../spec/tool.ts';
import { bootstrap, type Estimate, mean, type ResampleOptions } from './bootstrap.ts';
import { type MadeCall, sameCalls, type WantedCall } from './call-match.ts';
import type { EvaluationProgress } from './evaluate-retrieval.ts';

/** A request with the tools that are offered; no wanted call: none of them fits. */
export interface ToolCase {
  id: string;
  task: string;
  tools: ToolSet;
  wanted: readonly WantedCall[];
}

/** Plans the calls of a request; none where no tool fits. */
export type CallPlanner = (
  task: string,
  tools: ToolSet,
  signal?: AbortSignal,
) => Promise<readonly (MadeCall & { sources?: Readonly<Record<string, string>> })[]>;

/** What one request gave. */
export interface ToolResult {
  id: string;
  /** `right` function, `full` match of all calls, every call `valid`, `refused`; `abstained` where no tool fits. 0 or 1. */
  values: Record<string, number>;
  calls: readonly MadeCall[];
  /** Arguments by where their values are from. */
  sources: Readonly<Record<string, number>>;
  ms: number;
}

/** Figures of a set of requests. */
export interface ToolRow {
  set: string;
  n: number;
  metrics: Record<string, Estimate>;
  /** Arguments by where their values are from. */
  sources: Record<string, number>;
  msPerCase: number;
  /** Mean tokens that the chat model read and wrote. */
  tokens: number;
}

/** Plans each request, one after the other. */
export async function evaluateTools(
  plan: CallPlanner,
  cases: readonly ToolCase[],
  { signal, onProgress }: ProgressOptions<EvaluationProgress> = {},
): Promise<ToolResult[]> {
  const results: ToolResult[] = [];
  for (const { id, task, tools, wanted } of cases) {
    signal?.throwIfAborted();
    const started = performance.now();
    const calls = await plan(task, tools, signal);
    const ms = performance.now() - started;
    const sources: Record<string, number> = {};
    for (const source of calls.flatMap((call) => Object.values(call.sources ?? {}))) sources[source] = (sources[source] ?? 0) + 1;
    const made = calls.map(({ tool, input }) => ({ tool, input }));
    results.push({ id, values: await rate(made, wanted, tools), calls: made, sources, ms });
    onProgress?.({ done: results.length, total: cases.length });
  }
  return results;
}

async function rate(calls: readonly MadeCall[], wanted: readonly WantedCall[], tools: ToolSet): Promise<Record<string, number>> {
  const valid = await Promise.all(calls.map((call) => isValid(call, tools)));
  const values: Record<string, number> = calls.length > 0 ? { valid: number(valid.every(Boolean)) } : {};
  if (wanted.length === 0) return { ...values, abstained: number(calls.length === 0) };
  return {
    ...values,
    right: number(calls.length > 0 && calls.every(({ tool }) => wanted.some((want) => want.tool === tool))),
    full: number(sameCalls(calls, wanted)),
    refused: number(calls.length === 0),
  };
}

/** Whether a tool takes a call as it stands, and JSON holds it. */
async function isValid({ tool, input }: MadeCall, tools: ToolSet): Promise<boolean> {
  if (!Object.hasOwn(tools, tool)) return false;
  const check = await valueCheck(tools[tool]!.inputSchema);
  return (await check(JSON.parse(JSON.stringify(input)))).issues.length === 0;
}

/** Means with intervals. @param tokens that the chat model read and wrote, for all requests together */
export function summarizeTools(
  set: string,
  results: readonly ToolResult[],
  tokens: number,
  options: ResampleOptions = {},
): ToolRow {
  const metrics: ToolRow['metrics'] = {};
  for (const name of new Set(results.flatMap(({ values }) => Object.keys(values)))) {
    metrics[name] = bootstrap(
      results.map(({ values }) => values[name]).filter((value) => value !== undefined),
      options,
    );
  }
  const sources: ToolRow['sources'] = {};
  for (const [source, count] of results.flatMap((result) => Object.entries(result.sources)))
    sources[source] = (sources[source] ?? 0) + count;
  return {
    set,
    n: results.length,
    metrics,
    sources,
    msPerCase: mean(results.map(({ ms }) => ms)),
    tokens: tokens / results.length,
  };
}

function number(value: boolean): number {
  return value ? 1 : 0;
}
