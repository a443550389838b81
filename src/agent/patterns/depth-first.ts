// Depth-first search over calls (ToolLLM's DFSDT, arXiv:2307.16789): where a way fails, or the model gives it up, the search goes back
// and tries another call from there. What was changed on a way that was left stays changed.
import { defuse } from '../../prompt/untrusted.ts';
import type { AgentPattern, AgentResult, AgentRun, AgentStep } from '../../spec/agent.ts';
import type { ToolSet } from '../../spec/tool.ts';
import { withDefaults } from '../../util/options.ts';
import { endOfRefusal, gaveUp, noTool } from '../endings.ts';
import { repeated } from '../executor.ts';
import { nextStep } from '../next-step.ts';
import { canonical } from '../plain-data.ts';
import { shownTools } from '../shown-tools.ts';
import { finish, giveUp } from '../step-schema.ts';
import type { PastStep } from '../transcript.ts';

/** Options of {@link depthFirst}. */
export interface DepthFirstOptions {
  /** Calls in a row. @default 4 */
  depth?: number;
  /** Calls that are tried at one place. @default 2 */
  width?: number;
}

type Search = AsyncGenerator<AgentStep, AgentResult | undefined, undefined>;

/** Makes the pattern. Where `verifiers` are given, an answer that one refuses is a dead end. */
export function depthFirst(options: DepthFirstOptions = {}): AgentPattern {
  const bounds = withDefaults({ depth: 4, width: 2 }, options);
  return {
    name: 'depth-first',
    async *run(run) {
      const tools = await shownTools(run);
      yield { type: 'tools', names: Object.keys(tools) };
      if (Object.keys(tools).length === 0) return noTool;
      return (yield* search(run, tools, [], bounds)) ?? gaveUp('No way led to an end.');
    },
  };
}

/** @returns undefined where this way leads nowhere */
async function* search(run: AgentRun, tools: ToolSet, past: readonly PastStep[], bounds: Required<DepthFirstOptions>): Search {
  const tried: PastStep[] = [];
  while (tried.length < bounds.width) {
    run.round();
    const step = await nextStep(run, { tools, past, note: noteOf(tried), mayGiveUp: true });
    if (!step) return undefined;
    const { thought, tool, input } = step;
    yield { type: 'thought', text: thought };
    if (tool === giveUp) return undefined;
    if (tool === finish) {
      const { answer } = input as { answer: string };
      const complaints = await complaintsOf(run, answer);
      if (complaints.length === 0) return { reason: 'finished', answer };
      yield { type: 'critique', candidate: answer, complaints };
      return undefined;
    }
    // Here this has been tried; the model has nothing else.
    if (tried.some((before) => canonical([before.tool, before.input]) === canonical([tool, input]))) return undefined;
    const outcome = yield* run.call(tool, input);
    if (outcome.status === 'refused' && outcome.reason !== repeated) return endOfRefusal(outcome.reason);
    const made = { thought, tool, input, outcome };
    tried.push(made);
    const goesOn = outcome.status === 'done' || outcome.status === 'planned';
    if (!goesOn || past.length + 1 > bounds.depth) continue;
    const found = yield* search(run, tools, [...past, made], bounds);
    if (found) return found;
  }
  return undefined;
}

function noteOf(tried: readonly PastStep[]): string | undefined {
  if (tried.length === 0) return undefined;
  const calls = tried.map(({ tool, input }) => `- ${tool} ${defuse(JSON.stringify(input))}`);
  return `Tried here without success, do something else:\n${calls.join('\n')}`;
}

async function complaintsOf({ verifiers, task }: AgentRun, answer: string): Promise<string[]> {
  const lists = await Promise.all(verifiers.map(({ verify }) => verify(answer, task)));
  return lists.flat();
}
