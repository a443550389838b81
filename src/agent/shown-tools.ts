// The few tools that a model is shown: small models choose among five, not among fifty.
import type { AgentRun } from '../spec/agent.ts';
import type { ToolSet } from '../spec/tool.ts';

/** Tools that are shown at most. */
export const shownAtMost = 5;

/** Those nearest to the task by what they say of themselves; all, in their order, where there are few. */
export async function shownTools({ task, tools, embedder, signal }: AgentRun): Promise<ToolSet> {
  const all = Object.entries(tools);
  if (all.length <= shownAtMost) return tools;
  const texts = all.map(([name, { description, aliases = [] }]) => [`${name}: ${description}`, ...aliases].join(' '));
  const { data, dimension } = await embedder.embed(texts, { signal });
  const query = (await embedder.embed([task], { kind: 'query', signal })).data;
  const cosine = (row: number) => query.reduce((sum, value, i) => sum + value * data[row * dimension + i]!, 0);
  const ranked = all.map((entry, row) => ({ entry, score: cosine(row) })).sort((a, b) => b.score - a.score);
  return Object.fromEntries(ranked.slice(0, shownAtMost).map(({ entry }) => entry));
}
