// A finished run as a script, and its calls made again without a model for as long as the page is as it was.
import type { AgentContext, AgentResult, AgentRun, AgentStep, RunOptions, ToolOutcome } from '../spec/agent.ts';
import { InpageError } from '../util/errors.ts';
import { canonical } from './plain-data.ts';
import { runAgent } from './run.ts';

/** A call of a script. */
export interface ScriptedCall {
  tool: string;
  /** With placeholders in place of secrets. */
  input: unknown;
  /** What the tool's `state()` gave before. */
  state?: string;
  /** What the tool gave, where it has no `state()` and changes nothing: it is compared. */
  output?: unknown;
}

/** A run that can be made again. Plain data. */
export interface AgentScript {
  version: 1;
  task: string;
  calls: readonly ScriptedCall[];
  answer: string;
}

/** Options of {@link replay}. */
export interface ReplayOptions extends Pick<RunOptions, 'tools' | 'approve' | 'secrets' | 'dryRun' | 'signal' | 'maxMs'> {
  /** Calls whose output may differ, by tool; those that read what changes all the time. */
  ignoreOutput?: readonly string[];
}

/**
 * The calls of a run that took place, in their order.
 * @throws InpageError `invalid-argument` for a run that did not finish
 */
export function script(task: string, steps: readonly AgentStep[]): AgentScript {
  const end = steps.at(-1);
  if (end?.type !== 'done' || end.reason !== 'finished') {
    throw new InpageError('invalid-argument', 'Only a run that has finished can be replayed. Give all of its steps.');
  }
  const states = new Map(steps.flatMap((step) => (step.type === 'call' ? [[step.call.id, step.state] as const] : [])));
  const calls = steps.flatMap((step) => {
    if (step.type !== 'result' || step.outcome.status !== 'done') return [];
    const { call, outcome } = step;
    const state = states.get(call.id);
    return [
      { id: call.id, tool: call.tool, input: call.input, ...(state === undefined ? { output: outcome.output } : { state }) },
    ];
  });
  // Calls that were made at the same time are made one after the other.
  calls.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
  return { version: 1, task, calls: calls.map(({ id: _id, ...call }) => call), answer: end.answer };
}

/**
 * Makes the calls of a script again, by all the rules of a run. It stops before a call whose page is not as it was, and after one
 * that gave something else; its end is then `gave-up`, and `detail` tells which call it was.
 * @throws InpageError `invalid-argument` for another version, or tools that are none
 */
export async function* replay(
  { version, task, calls, answer }: AgentScript,
  { ignoreOutput = [], tools = {}, ...options }: ReplayOptions,
): AsyncGenerator<AgentStep> {
  if (version !== 1) throw new InpageError('invalid-argument', `The script is of version ${version}; this one reads 1.`);
  if (calls.length > 100) throw new InpageError('invalid-argument', `The script has ${calls.length} calls; 100 can be replayed.`);
  const stopped = (number: number, call: ScriptedCall, why: string) =>
    ({ reason: 'gave-up', answer: '', detail: `Call ${number} of ${calls.length} (${call.tool}) ${why}` }) as const;
  const pattern = {
    name: 'replay',
    async *run(run: AgentRun): AsyncGenerator<AgentStep, AgentResult, undefined> {
      for (const [i, call] of calls.entries()) {
        run.round();
        const steps = run.call(call.tool, call.input);
        // The first step tells what the page is like; nothing is called before the second is asked for.
        const { value: first } = await steps.next();
        const { state } = first as { state?: string };
        if (state !== call.state) return stopped(i + 1, call, 'is not made: the page is not as it was.');
        yield first as AgentStep;
        const outcome = yield* steps;
        if (outcome.status === 'planned') continue;
        if (outcome.status !== 'done') return stopped(i + 1, call, `did not succeed: ${problemOf(outcome)}`);
        const compared = 'output' in call && !ignoreOutput.includes(call.tool);
        if (compared && canonical(outcome.output) !== canonical(call.output)) return stopped(i + 1, call, 'gave something else.');
      }
      return { reason: 'finished', answer };
    },
  };
  yield* runAgent(task, withoutModels, { ...options, tools, pattern, maxSteps: Math.max(1, calls.length) });
}

const noModel = () => {
  throw new InpageError('invalid-argument', 'A replay asks no model.');
};

const withoutModels: AgentContext = {
  llm: { load: noModel, generate: noModel, countTokens: noModel, close: async () => {} },
  embedder: { load: noModel, embed: noModel, close: async () => {} },
};

function problemOf(outcome: Exclude<ToolOutcome, { status: 'done' | 'planned' }>): string {
  return outcome.status === 'failed' ? outcome.error : outcome.reason;
}
