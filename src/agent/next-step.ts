// The model's next step: one constrained answer, over what has been done so far.
import { untrustedRule } from '../prompt/untrusted.ts';
import type { AgentRun } from '../spec/agent.ts';
import type { ToolSet } from '../spec/tool.ts';
import { InpageError } from '../util/errors.ts';
import { ask } from './ask.ts';
import { finish, giveUp, stepSchema, type WrittenStep } from './step-schema.ts';
import { type PastStep, tellSteps, tellTools } from './transcript.ts';

/** What a step is asked for with. */
export interface StepRequest {
  tools: ToolSet;
  past: readonly PastStep[];
  /** Told after the steps, before the task; of the pattern's own words. */
  note?: string;
  /** The model may say that this way leads nowhere. */
  mayGiveUp?: boolean;
}

/** @returns undefined if the model says nothing valid */
export async function nextStep(run: AgentRun, { tools, past, note, mayGiveUp }: StepRequest): Promise<WrittenStep | undefined> {
  const ways = [
    tellTools(Object.fromEntries(Object.entries(tools).filter(([name]) => name !== finish && name !== giveUp))),
    `- ${finish}(answer): the task is done, or cannot be done`,
    ...(mayGiveUp ? [`- ${giveUp}(): this way leads nowhere; try another`] : []),
  ];
  const system = `You do the user's task step by step with tools. Each step is JSON: a short thought, then one tool with its input. When the task is done, use "${finish}" with the answer. ${untrustedRule}\n\nTools:\n${ways.join('\n')}`;
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: tellSteps(run.task, past, note) },
  ] as const;
  try {
    return await ask(run, messages, { schema: stepSchema(tools, { mayGiveUp }) });
  } catch (error) {
    if (!InpageError.is(error, 'output-unsupported')) throw error;
    return ask(run, messages, { schema: stepSchema(tools, { mayGiveUp, loose: true }) });
  }
}
