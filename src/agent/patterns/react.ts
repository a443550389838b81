// ReAct (arXiv:2210.03629): a thought and a call, its result, and so on, until the model says that it is done. One constrained
// answer of the model a step.
import { untrustedRule } from '../../prompt/untrusted.ts';
import type { AgentPattern, AgentResult, AgentRun, AgentStep } from '../../spec/agent.ts';
import type { ToolSet } from '../../spec/tool.ts';
import { InpageError } from '../../util/errors.ts';
import { ask } from '../ask.ts';
import { repeated } from '../executor.ts';
import { shownTools } from '../shown-tools.ts';
import { finish, stepSchema, type WrittenStep } from '../step-schema.ts';
import { type PastStep, tellSteps, tellTools } from '../transcript.ts';

/** Makes the pattern. */
export function react(): AgentPattern {
  return { name: 'react', run };
}

async function* run(run: AgentRun): AsyncGenerator<AgentStep, AgentResult, undefined> {
  const tools = await shownTools(run);
  yield { type: 'tools', names: Object.keys(tools) };
  const past: PastStep[] = [];
  for (;;) {
    run.round();
    const step = await nextStep(run, tools, past);
    if (!step) return { reason: 'gave-up', answer: '', detail: 'The model gave no step that is valid.' };
    const { thought, tool, input } = step;
    yield { type: 'thought', text: thought };
    if (tool === finish) {
      const { answer } = input as { answer: string };
      return { reason: past.length === 0 && Object.keys(tools).length === 0 ? 'no-tool' : 'finished', answer };
    }
    const outcome = yield* run.call(tool, input);
    past.push({ thought, tool, input, outcome });
    if (outcome.status !== 'refused') continue;
    const reason = outcome.reason === repeated ? 'gave-up' : 'refused';
    return { reason, answer: '', detail: outcome.reason };
  }
}

/** What the model wants to do now; undefined if it says nothing valid. */
async function nextStep(run: AgentRun, tools: ToolSet, past: readonly PastStep[]): Promise<WrittenStep | undefined> {
  const system = `You do the user's task step by step with tools. Each step is JSON: a short thought, then one tool with its input. When the task is done, use "${finish}" with the answer. ${untrustedRule}\n\nTools:\n${tellTools(tools)}\n- ${finish}(answer): the task is done, or cannot be done`;
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: tellSteps(run.task, past) },
  ] as const;
  try {
    return await ask(run, messages, { schema: stepSchema(tools) });
  } catch (error) {
    if (!InpageError.is(error, 'output-unsupported')) throw error;
    return ask(run, messages, { schema: stepSchema(tools, true) });
  }
}
