// Direct: one tool for the task, or several calls of it where the task asks for several; arguments are found in the task, and the
// model is asked for what is not there. Abstains where no tool fits.
import type { AgentPattern, AgentResult, AgentRun, AgentStep } from '../../spec/agent.ts';
import { endOfRefusal, gaveUp } from '../endings.ts';
import { textOf } from '../plain-data.ts';
import { planCalls } from '../plan-calls.ts';

/** Makes the pattern. */
export function direct(): AgentPattern {
  return { name: 'direct', run };
}

async function* run(run: AgentRun): AsyncGenerator<AgentStep, AgentResult, undefined> {
  run.round();
  const { calls, tools, abstained } = await planCalls(run.task, run.tools, run, { signal: run.signal });
  yield { type: 'tools', names: tools.map(({ name }) => name), ...(abstained && { reason: abstained }) };
  if (calls.length === 0) return { reason: 'no-tool', answer: '', ...(abstained && { detail: abstained }) };
  const made = calls.map(({ tool, input }) => ({ tool, input }));
  yield { type: 'plan', calls: made };
  const outcomes = yield* run.callAll(made);
  const outputs = outcomes.flatMap((outcome) => (outcome.status === 'done' ? [outcome.output] : []));
  if (outputs.length > 0 || outcomes.every(({ status }) => status === 'planned')) {
    return { reason: 'finished', answer: outputs.map(textOf).join('\n'), value: outputs.length === 1 ? outputs[0] : outputs };
  }
  const refused = outcomes.find((outcome) => outcome.status === 'refused');
  if (refused) return endOfRefusal(refused.reason);
  return gaveUp(outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error] : [])).join(' '));
}
