// ReWOO (arXiv:2305.18323): plan once, with `#E1` for what a call will give; make the calls without the model, those that do not wait
// for each other at the same time; solve from what they gave. A call that fails does not stop the others.

import { inputJsonSchema } from '../../prompt/tool.ts';
import { untrustedRule } from '../../prompt/untrusted.ts';
import type { AgentPattern, AgentResult, AgentRun, AgentStep, ToolOutcome } from '../../spec/agent.ts';
import type { JsonSchema } from '../../spec/output.ts';
import type { ToolCall, ToolSet } from '../../spec/tool.ts';
import { InpageError } from '../../util/errors.ts';
import { ask, write } from '../ask.ts';
import { endOfRefusal, gaveUp, noTool } from '../endings.ts';
import { referencesOf, resolve, withReferences } from '../references.ts';
import { shownTools } from '../shown-tools.ts';
import { embedded } from '../step-schema.ts';
import { tellSteps, tellTools } from '../transcript.ts';

type PlannedCall = Pick<ToolCall, 'tool' | 'input'>;

/** Calls that a plan has at most; fewer where the run's budget is smaller. */
const longestPlan = 6;

/** Makes the pattern. */
export function rewoo(): AgentPattern {
  return { name: 'rewoo', run };
}

async function* run(run: AgentRun): AsyncGenerator<AgentStep, AgentResult, undefined> {
  const tools = await shownTools(run);
  yield { type: 'tools', names: Object.keys(tools) };
  if (Object.keys(tools).length === 0) return noTool;
  run.round();
  const plan = await makePlan(run, tools);
  if (!plan) return gaveUp('The model gave no plan that is valid.');
  yield { type: 'plan', calls: plan.calls };
  if (plan.calls.length === 0) return noTool;
  const outcomes = yield* carryOut(run, plan.calls);
  const refused = outcomes.find(({ status }) => status === 'refused');
  if (refused?.status === 'refused' && outcomes.every(({ status }) => status !== 'done')) return endOfRefusal(refused.reason);
  const past = plan.calls.map((call, i) => ({ ...call, outcome: outcomes[i]! }));
  const answer = await write(run, [
    {
      role: 'system',
      content: `You answer the user's task from the results of the steps, in one to three sentences. ${untrustedRule}`,
    },
    { role: 'user', content: tellSteps(run.task, past) },
  ]);
  return { reason: 'finished', answer };
}

async function makePlan(run: AgentRun, tools: ToolSet): Promise<{ calls: PlannedCall[] } | undefined> {
  const system = `You plan all tool calls for the user's task at once, as JSON, in their order. In an input, "#E1" stands for what the first call gives, "#E2" for the second. Plan no call that the task does not need.\n\nTools:\n${tellTools(tools)}`;
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: tellSteps(run.task, []) },
  ] as const;
  try {
    return await ask(run, messages, { schema: planSchema(run, tools) });
  } catch (error) {
    if (!InpageError.is(error, 'output-unsupported')) throw error;
    return ask(run, messages, { schema: planSchema(run, tools, true) });
  }
}

function planSchema({ maxSteps }: AgentRun, tools: ToolSet, loose = false): JsonSchema {
  const most = Math.min(longestPlan, maxSteps);
  const calls = Object.entries(tools).map(([name, { inputSchema }]) => ({
    type: 'object',
    properties: { tool: { const: name }, input: embedded(name, withReferences(inputJsonSchema(inputSchema), most), loose) },
    required: ['tool', 'input'],
    additionalProperties: false,
  }));
  return {
    type: 'object',
    properties: { calls: { type: 'array', items: { anyOf: calls }, maxItems: most } },
    required: ['calls'],
    additionalProperties: false,
  };
}

/** Makes the calls in waves: each is made as soon as what it refers to is there. */
async function* carryOut(run: AgentRun, calls: readonly PlannedCall[]): AsyncGenerator<AgentStep, ToolOutcome[], undefined> {
  const outcomes: ToolOutcome[] = [];
  const needs = calls.map(({ input }) => referencesOf(input));
  const open = new Set(calls.keys());
  while (open.size > 0) {
    for (const at of open) {
      // A reference to itself or to a later call can never be there.
      const missing = needs[at]!.find((need) => need >= at || (outcomes[need] && outcomes[need].status !== 'done'));
      if (missing === undefined) continue;
      outcomes[at] = { status: 'failed', error: `It needs #E${missing + 1}, which gave nothing.` };
      open.delete(at);
    }
    const ready = [...open].filter((at) => needs[at]!.every((need) => outcomes[need]));
    const made = yield* run.callAll(ready.map((at) => ({ ...calls[at]!, input: resolve(calls[at]!.input, outcomes) })));
    for (const [i, at] of ready.entries()) {
      outcomes[at] = made[i]!;
      open.delete(at);
    }
  }
  return outcomes;
}
