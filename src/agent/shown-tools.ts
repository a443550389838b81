// The few tools that a model is shown: small models choose among five, not among fifty.
import type { AgentRun } from '../spec/agent.ts';
import type { ToolSet } from '../spec/tool.ts';
import { rankTools } from './rank-tools.ts';

/** Tools that are shown at most. */
export const shownAtMost = 5;

/** Those nearest to the task, best first; all, in their order, where there are few. */
export async function shownTools({ task, tools, embedder, signal }: AgentRun): Promise<ToolSet> {
  if (Object.keys(tools).length <= shownAtMost) return tools;
  const ranked = await rankTools(task, tools, embedder, shownAtMost, signal);
  return Object.fromEntries(ranked.map(({ name }) => [name, tools[name]!]));
}
