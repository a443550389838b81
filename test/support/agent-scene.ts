// Runs of an agent without a model: a pattern that makes given calls, and ways to read what came of it.
import { runAgent } from '../../src/agent/run.ts';
import type { AgentPattern, AgentStep, RunOptions, ToolOutcome } from '../../src/spec/agent.ts';
import type { Tool, ToolCall } from '../../src/spec/tool.ts';
import { mockEmbedder } from '../../src/testing/mock-embedder.ts';
import { type MockLlmOptions, mockLlm } from '../../src/testing/mock-llm.ts';

type Wanted = Pick<ToolCall, 'tool' | 'input'>;

/** Makes these calls one after the other; those in a list at the same time. */
export function calling(...calls: readonly (Wanted | readonly Wanted[])[]): AgentPattern {
  return {
    name: 'calling',
    async *run(run) {
      const outcomes: ToolOutcome[] = [];
      for (const each of calls) {
        run.round();
        if ('tool' in each) outcomes.push(yield* run.call(each.tool, each.input));
        else outcomes.push(...(yield* run.callAll(each)));
      }
      return { reason: 'finished', answer: '', value: outcomes };
    },
  };
}

/** All steps of a run. */
export async function stepsOf(task: string, options: RunOptions, llm: MockLlmOptions = {}): Promise<AgentStep[]> {
  const steps: AgentStep[] = [];
  for await (const step of runAgent(task, { llm: mockLlm(llm), embedder: mockEmbedder() }, options)) steps.push(step);
  return steps;
}

/** How the calls ended, in their order. */
export async function outcomesOf(options: RunOptions): Promise<ToolOutcome[]> {
  const end = endOf(await stepsOf('Do it.', options));
  return end.value as ToolOutcome[];
}

/** The last step. */
export function endOf(steps: readonly AgentStep[]): Extract<AgentStep, { type: 'done' }> {
  const end = steps.at(-1);
  if (end?.type !== 'done') throw new Error('no end');
  return end;
}

/** Steps of one type. */
export function only<Type extends AgentStep['type']>(type: Type, steps: readonly AgentStep[]) {
  return steps.filter((step): step is Extract<AgentStep, { type: Type }> => step.type === type);
}

/** A tool that changes nothing of what it is not asked for, and remembers its inputs. */
export function recorder(parts: Partial<Tool<never>> = {}, answer: unknown = 'ok') {
  const inputs: unknown[] = [];
  const tool: Tool<never> = {
    description: 'Notes its input.',
    inputSchema: { type: 'object' },
    execute: (input: unknown) => {
      inputs.push(input);
      return typeof answer === 'function' ? answer(input) : answer;
    },
    ...parts,
  };
  return { tool, inputs };
}
