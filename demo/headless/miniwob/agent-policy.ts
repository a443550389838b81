// The agent plays: pattern `page`, the models of `models/`, and nothing that knows a task.
import { page } from '../../../src/agent/page/page.ts';
import { runAgent } from '../../../src/agent/run.ts';
import { transformersEmbedder, transformersLlm } from '../../../src/index.ts';
import type { AgentStep } from '../../../src/spec/agent.ts';
import { modelBase } from '../ask.ts';
import type { Hands } from './hands.ts';
import type { Policy } from './policy.ts';

/** Steps that an episode may take. */
const maxSteps = 100;

/** Makes the policy. @param keep gets each episode's steps */
export function agentPolicy(keep?: (steps: readonly AgentStep[]) => void): Policy {
  const models = { device: 'wasm', source: { base: modelBase } } as const;
  const context = { llm: transformersLlm(models), embedder: transformersEmbedder(models) };
  return async (hands: Hands) => {
    const steps: AgentStep[] = [];
    // The page is a test, and nobody is there to ask.
    const options = { tools: hands.tools, pattern: page(), maxSteps, approve: () => true, signal: hands.signal };
    try {
      for await (const step of runAgent(hands.task, context, options)) {
        steps.push(step);
        if (step.type === 'call') hands.calls++;
        if (step.type === 'generation') hands.tokens += step.usage.promptTokens + step.usage.completionTokens;
      }
    } finally {
      keep?.(steps);
    }
    const done = steps.at(-1);
    if (done?.type === 'done' && done.reason !== 'finished') throw new Error(`${done.reason}: ${done.detail ?? ''}`);
  };
}
