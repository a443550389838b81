// ReAct (arXiv:2210.03629): a thought and a call, its result, and so on, until the model says that it is done. One constrained
// answer of the model a step.
import type { AgentPattern, AgentResult, AgentRun, AgentStep } from '../../spec/agent.ts';
import { endOfRefusal, gaveUp, noTool } from '../endings.ts';
import { nextStep } from '../next-step.ts';
import { shownTools } from '../shown-tools.ts';
import { finish } from '../step-schema.ts';
import type { PastStep } from '../transcript.ts';

/** Makes the pattern. */
export function react(): AgentPattern {
  return { name: 'react', run };
}

async function* run(run: AgentRun): AsyncGenerator<AgentStep, AgentResult, undefined> {
  const tools = await shownTools(run);
  yield { type: 'tools', names: Object.keys(tools) };
  if (Object.keys(tools).length === 0) return noTool;
  const past: PastStep[] = [];
  for (;;) {
    run.round();
    const step = await nextStep(run, { tools, past });
    if (!step) return gaveUp('The model gave no step that is valid.');
    const { thought, tool, input } = step;
    yield { type: 'thought', text: thought };
    if (tool === finish) return { reason: 'finished', answer: (input as { answer: string }).answer };
    const outcome = yield* run.call(tool, input);
    if (outcome.status === 'refused') return endOfRefusal(outcome.reason);
    past.push({ thought, tool, input, outcome });
  }
}
