// An agent as a tool of another: it gets a task, and gives its answer.
import { tool } from '../prompt/tool.ts';
import type { AgentContext, AgentStep, RunOptions } from '../spec/agent.ts';
import type { Tool } from '../spec/tool.ts';
import { runAgent } from './run.ts';

/** Options of {@link subAgent}: those of its runs, and what it is for. */
export interface SubAgentOptions extends Omit<RunOptions, 'signal' | 'resume' | 'tainted'> {
  /** What it does and when to use it. */
  description: string;
  /** Told each of its steps. */
  onStep?: (step: AgentStep) => void;
}

/**
 * Makes the tool. Its own rules hold inside: its tools, approvals, budgets; an agent that has read untrusted text gives its tasks to
 * one that counts as having read it. What it throws tells how it ended without an answer.
 * @throws InpageError `invalid-argument` for an empty description
 */
export function subAgent(
  context: AgentContext,
  { description, onStep, ...options }: SubAgentOptions,
): Tool<{ task: string }, string> {
  const readOnly = Object.values(options.tools ?? {}).every((each) => each.readOnly);
  return tool<{ task: string }, string>({
    description,
    inputSchema: {
      type: 'object',
      properties: { task: { type: 'string', minLength: 1, description: 'What it is to do, in a sentence.' } },
      required: ['task'],
      additionalProperties: false,
    },
    readOnly,
    timeoutMs: options.maxMs ?? 300_000,
    async execute({ task }, { signal, tainted }) {
      for await (const step of runAgent(task, context, { ...options, signal, tainted })) {
        onStep?.(step);
        if (step.type !== 'done') continue;
        if (step.reason === 'finished') return step.answer;
        throw new Error(`It ended without an answer (${step.reason}). ${step.detail ?? ''}`.trim());
      }
      throw new Error('It ended without an answer.');
    },
  });
}
