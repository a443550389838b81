// Runs a pattern over a task: makes what the pattern works with, gives its steps as they come, and tells how it ended.
import { checkTool } from '../prompt/tool.ts';
import type { AgentContext, AgentPattern, AgentResult, AgentRun, AgentStep, RunOptions } from '../spec/agent.ts';
import type { ToolSet } from '../spec/tool.ts';
import { abortable } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { Budget, OutOfBudget } from './budget.ts';
import { Executor } from './executor.ts';
import { Journal } from './journal.ts';
import { meteredLlm } from './metered-llm.ts';
import { loadPattern } from './patterns/index.ts';
import { Secrets } from './secrets.ts';

/**
 * Works on a task step by step; the last step is `done`. Leaving the loop ends the run.
 * @param context is loaded where it is needed
 * @throws InpageError `invalid-argument` for an empty task, options out of range, an unknown pattern or tools that are none; what
 *   the model throws; the abort of `signal`
 */
export async function* runAgent(task: string, context: AgentContext, options: RunOptions = {}): AsyncGenerator<AgentStep> {
  if (typeof task !== 'string' || task.trim() === '') {
    throw new InpageError('invalid-argument', 'The task is empty. Give it at least one word.');
  }
  const { signal, resume = [] } = options;
  signal?.throwIfAborted();
  const end = resume.at(-1);
  // With a larger budget there may be something left to do.
  if (end?.type === 'done' && end.reason !== 'budget') return;
  const { pattern: chosen, ...settings } = withDefaults({ pattern: 'direct', maxSteps: 8 }, options);
  const budget = new Budget(settings);
  const tools = fixed(settings.tools ?? {});
  const secrets = new Secrets(settings.secrets);
  const pattern: AgentPattern = typeof chosen === 'string' ? await loadPattern(chosen) : chosen;

  const ending = new AbortController();
  const { maxMs } = settings;
  const late = () => ending.abort(new OutOfBudget(`${maxMs} ms are used up.`));
  const timer = maxMs === undefined ? undefined : setTimeout(late, maxMs);
  const ends = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
  const journal = new Journal(resume);
  /** What the model has written, told with the pattern's next step. */
  const written: AgentStep[] = [];
  const steps = pattern.run(openRun());

  function openRun(): AgentRun {
    const { tainted = false, verifiers = [], generation = {}, maxSteps, approve, dryRun } = settings;
    const executor = new Executor({ task, tools, secrets, journal, budget, tainted, approve, dryRun, signal: ends });
    const llm = meteredLlm(context.llm, { journal, budget, signal: ends, keep: (step) => written.push(step) });
    const call: AgentRun['call'] = (...call) => executor.call(...call);
    const callAll: AgentRun['callAll'] = (calls) => executor.callAll(calls);
    const round = () => {
      ends.throwIfAborted();
      budget.round();
    };
    return {
      ...{ task, tools, verifiers, generation, maxSteps, llm, embedder: context.embedder, signal: ends, round, call, callAll },
      get tainted() {
        return executor.tainted;
      },
    };
  }

  function* fresh(...found: AgentStep[]) {
    for (const step of [...written.splice(0), ...found]) if (journal.isNew(step)) yield step;
  }

  try {
    let result: AgentResult | undefined;
    while (!result) {
      const { done, value } = await abortable(steps.next(), ends);
      if (done) result = value;
      else yield* fresh(value);
      ends.throwIfAborted();
    }
    yield* fresh();
    signal?.throwIfAborted();
    yield { type: 'done', ...result, usage: budget.usage };
  } catch (error) {
    if (signal?.aborted || !(error instanceof OutOfBudget || ending.signal.aborted)) throw error;
    yield* fresh();
    const { message: detail } = error instanceof OutOfBudget ? error : (ending.signal.reason as OutOfBudget);
    yield { type: 'done', reason: 'budget', answer: '', detail, usage: budget.usage };
  } finally {
    clearTimeout(timer);
    ending.abort(new DOMException('The run has ended.', 'AbortError'));
    // A pattern that is waiting for something would keep this waiting, too.
    void steps.return({ reason: 'gave-up', answer: '' }).catch(() => {});
  }
}

/** The tools as they are now. @throws InpageError `invalid-argument` */
function fixed(tools: ToolSet): ToolSet {
  for (const [name, tool] of Object.entries(tools)) {
    if (!/^[\w.-]{1,64}$/.test(name)) {
      const message = `"${name}" is no name for a tool. Take 1 to 64 letters, digits, "_", "-" and ".".`;
      throw new InpageError('invalid-argument', message, { detail: { name } });
    }
    checkTool(tool, `The tool "${name}"`);
  }
  return Object.freeze(Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, Object.freeze({ ...tool })])));
}
