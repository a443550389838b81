// Plan–act–reflect, bounded (after Reflexion, arXiv:2303.11366): a step, then a look at what it brought; what was learned is in
// front of the next step. The model's word that it is done is taken only after it has looked.
import { defuse, untrustedRule } from '../../prompt/untrusted.ts';
import type { AgentPattern, AgentResult, AgentRun, AgentStep } from '../../spec/agent.ts';
import type { JsonSchema } from '../../spec/output.ts';
import { ask, write } from '../ask.ts';
import { endOfRefusal, gaveUp, noTool } from '../endings.ts';
import { nextStep } from '../next-step.ts';
import { shownTools } from '../shown-tools.ts';
import { finish } from '../step-schema.ts';
import { type PastStep, tellSteps } from '../transcript.ts';

interface Reflection {
  /** What the last step brought, and what to do otherwise. */
  lesson: string;
  done: boolean;
}

const reflection: JsonSchema = {
  type: 'object',
  properties: { lesson: { type: 'string', minLength: 1, maxLength: 200 }, done: { type: 'boolean' } },
  required: ['lesson', 'done'],
  additionalProperties: false,
};

/** Makes the pattern. */
export function reflect(): AgentPattern {
  return { name: 'reflect', run };
}

async function* run(run: AgentRun): AsyncGenerator<AgentStep, AgentResult, undefined> {
  const tools = await shownTools(run);
  yield { type: 'tools', names: Object.keys(tools) };
  if (Object.keys(tools).length === 0) return noTool;
  const past: PastStep[] = [];
  const lessons: string[] = [];
  for (;;) {
    run.round();
    const note = lessons.length > 0 ? `Learned so far:\n${lessons.map((lesson) => `- ${defuse(lesson)}`).join('\n')}` : undefined;
    const step = await nextStep(run, { tools, past, note });
    if (!step) return gaveUp('The model gave no step that is valid.');
    const { thought, tool, input } = step;
    yield { type: 'thought', text: thought };
    if (tool === finish) return { reason: 'finished', answer: (input as { answer: string }).answer };
    const outcome = yield* run.call(tool, input);
    if (outcome.status === 'refused') return endOfRefusal(outcome.reason);
    past.push({ thought, tool, input, outcome });
    const looked = await lookBack(run, past);
    if (!looked) return gaveUp('The model could not say what the step brought.');
    yield { type: 'critique', candidate: { tool, input }, complaints: looked.done ? [] : [looked.lesson] };
    if (looked.done) return { reason: 'finished', answer: await conclude(run, past) };
    lessons.push(looked.lesson);
  }
}

function lookBack(run: AgentRun, past: readonly PastStep[]): Promise<Reflection | undefined> {
  const system = `You judge whether the user's task is done after these steps. Say as JSON what the last step brought and what to do otherwise, then whether the whole task is done. ${untrustedRule}`;
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: tellSteps(run.task, past) },
  ] as const;
  return ask<Reflection>(run, messages, { schema: reflection });
}

function conclude(run: AgentRun, past: readonly PastStep[]): Promise<string> {
  const system = `You tell the user in one to three sentences what came of the task. ${untrustedRule}`;
  return write(run, [
    { role: 'system', content: system },
    { role: 'user', content: tellSteps(run.task, past) },
  ]);
}
