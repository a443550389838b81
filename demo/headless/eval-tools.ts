// `npm run eval -- tools`, in the page: sets of requests with their tools, planned by the agent with the models of the page.
import { planCalls } from '../../src/agent/plan-calls.ts';
import { evaluateTools, summarizeTools, type ToolCase, type ToolResult, type ToolRow } from '../../src/eval/evaluate-tools.ts';
import { transformersEmbedder, transformersLlm } from '../../src/index.ts';
import { modelBase } from './ask.ts';
import { type FittedPlanner, fitPlanner } from './fit-planner.ts';
import { metered } from './metered.ts';

/** A case as plain data. */
interface PlainCase extends Omit<ToolCase, 'tools'> {
  tools: Record<string, { description: string; inputSchema: object }>;
}

export interface ToolsRun {
  sets: readonly { set: string; cases: readonly PlainCase[] }[];
}

/** Plans all requests, set by set. */
export async function evalTools({ sets }: ToolsRun): Promise<(ToolRow & { results: ToolResult[] })[]> {
  const { llm, embedder, close } = openModels();
  try {
    await Promise.all([llm.load(), embedder.load()]);
    const rows: (ToolRow & { results: ToolResult[] })[] = [];
    for (const { set, cases } of sets) {
      llm.tokens = 0;
      const onProgress = ({ done, total }: { done: number; total: number }) =>
        window.inpageEmit?.({ type: 'progress', what: set, done, total });
      const results = await evaluateTools(
        async (task, tools, signal) => (await planCalls(task, tools, { llm, embedder }, signal ? { signal } : {})).calls,
        cases.map(({ tools, ...item }) => ({ ...item, tools: callable(tools) })),
        { onProgress },
      );
      rows.push({ ...summarizeTools(set, results, llm.tokens), results });
    }
    return rows;
  } finally {
    await close();
  }
}

/** Fits what planning has learned to all requests, and validates it. */
export async function fitTools({ sets }: ToolsRun): Promise<FittedPlanner> {
  const { embedder, close } = openModels();
  try {
    const cases = sets.map(({ set, cases }) => ({
      set,
      cases: cases.map(({ tools, ...item }) => ({ ...item, tools: callable(tools) })),
    }));
    return await fitPlanner(cases, embedder, (what) => window.inpageEmit?.({ type: 'log', what }));
  } finally {
    await close();
  }
}

/** Tools that do nothing: only the calls are looked at. */
function callable(tools: PlainCase['tools']): ToolCase['tools'] {
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => [name, { ...tool, execute: () => null } as ToolCase['tools'][string]]),
  );
}

function openModels() {
  const models = { device: 'wasm', source: { base: modelBase } } as const;
  const [llm, embedder] = [metered(transformersLlm(models)), transformersEmbedder(models)];
  const close = async () => {
    await Promise.all([llm.close(), embedder.close()]);
  };
  return { llm, embedder, close };
}
