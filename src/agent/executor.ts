// The one place where tools are called. All rules are here, so that no pattern and no model can pass them by.

import { tellIssues, type ValueCheck, valueCheck } from '../prompt/check-value.ts';
import type { AgentStep, ApprovalRule, RunOptions, ToolOutcome } from '../spec/agent.ts';
import type { Tool, ToolCall, ToolSet } from '../spec/tool.ts';
import { abortable } from '../util/async.ts';
import type { Budget } from './budget.ts';
import type { Journal } from './journal.ts';
import { plainOutputOf, shorten } from './plain-data.ts';
import { type CallKey, Repeats } from './repeats.ts';
import type { Secrets } from './secrets.ts';

/** Why a call is refused that gives nothing new. */
export const repeated = 'The same call has given the same twice. Try another one.';

/** Upper time of a tool's `state()`. */
const stateMs = 5000;

/** What an executor goes by. */
export interface ExecutorParts extends Pick<RunOptions, 'approve' | 'dryRun'> {
  task: string;
  tools: ToolSet;
  secrets: Secrets;
  journal: Journal;
  budget: Budget;
  signal: AbortSignal;
  /** The run has read untrusted text before its first call. */
  tainted: boolean;
}

/** A call that is allowed: what the tool gets, and the tool. */
interface Ready {
  tool: Tool<never>;
  input: never;
}

/** Makes calls. */
export class Executor {
  readonly #parts: ExecutorParts;
  readonly #repeats = new Repeats();
  readonly #checks = new Map<string, Promise<ValueCheck>>();
  #tainted: boolean;
  #count = 0;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
    this.#tainted = parts.tainted || Object.values(parts.tools).some(({ foreign }) => foreign);
  }

  /** Untrusted text has been read. */
  get tainted(): boolean {
    return this.#tainted;
  }

  /** @throws the signal's reason; OutOfBudget */
  async *call(tool: string, input: unknown): AsyncGenerator<AgentStep, ToolOutcome, undefined> {
    const [outcome] = yield* this.callAll([{ tool, input }]);
    return outcome!;
  }

  /** @throws as {@link call} */
  async *callAll(calls: readonly Pick<ToolCall, 'tool' | 'input'>[]): AsyncGenerator<AgentStep, ToolOutcome[], undefined> {
    const { signal, budget, journal } = this.#parts;
    const outcomes: ToolOutcome[] = [];
    const running = new Map<number, Promise<{ at: number; step: AgentStep }>>();
    for (const [at, { tool, input }] of calls.entries()) {
      signal.throwIfAborted();
      budget.call();
      const call: ToolCall = { id: `c${++this.#count}`, tool, input: structuredClone(input) };
      const known = journal.result(call.id);
      const state = known ? journal.call(call.id)?.state : await this.#stateOf(tool);
      yield { type: 'call', call, ...(state !== undefined && { state }) };
      const key = { tool, input: call.input, state };
      const allowed = known ? this.#again(call, known.outcome) : yield* this.#allow(call, key);
      const started = performance.now();
      const end = 'status' in allowed ? Promise.resolve(allowed) : this.#execute(allowed);
      const done = end.then((outcome) => {
        outcomes[at] = outcome;
        this.#repeats.add(key, outcome);
        return { at, step: { type: 'result', call, outcome, ms: known?.ms ?? performance.now() - started } as const };
      });
      // The first that rejects ends the run; nobody waits for the others then.
      done.catch(() => {});
      running.set(at, done);
    }
    while (running.size > 0) {
      const { at, step } = await Promise.race(running.values());
      running.delete(at);
      yield step;
    }
    return outcomes;
  }

  /** What the tool is to get, or why it is not called. */
  async *#allow(call: ToolCall, key: CallKey): AsyncGenerator<AgentStep, ToolOutcome | Ready, undefined> {
    const { tools, secrets, dryRun } = this.#parts;
    const tool = this.#toolOf(call.tool);
    if (!tool) return failed(`There is no tool "${call.tool}". There are ${Object.keys(tools).join(', ') || 'none'}.`);
    if (this.#repeats.tired(key)) return { status: 'refused', reason: repeated };
    const { value, issues } = await this.#check(call.tool, tool, secrets.reveal(call.input));
    if (issues.length > 0) return failed(`The input is not valid: ${secrets.mask(tellIssues(issues))}.`);
    const ready: Ready = { tool, input: value as never };
    if (dryRun && !tool.readOnly) return { status: 'planned' };
    const rule = await this.#ruleFor(call, ready);
    if (!rule) return ready;
    return (yield* this.#ask(call, rule)) ?? ready;
  }

  /** @returns undefined for yes */
  async *#ask(call: ToolCall, rule: ApprovalRule): AsyncGenerator<AgentStep, ToolOutcome | undefined, undefined> {
    const { approve, signal } = this.#parts;
    // Only `true` is a yes: an answer that is missing or something else is none.
    const answer = approve ? await abortable(Promise.resolve(approve(structuredClone(call), rule)), signal) : undefined;
    yield { type: 'approval', call, rule, approved: answer === true };
    if (answer === true) return undefined;
    return { status: 'refused', reason: approve ? 'The user said no.' : 'It needs an approval, and nobody is there to give it.' };
  }

  async #ruleFor(call: ToolCall, { tool, input }: Ready): Promise<ApprovalRule | undefined> {
    const { secrets, journal } = this.#parts;
    const { needsApproval = false, readOnly = false } = tool;
    if (await wants(needsApproval, input)) return 'tool';
    if (this.#tainted && !readOnly) return 'untrusted';
    if (this.#tainted && secrets.used(call.input)) return 'secret';
    return !readOnly && journal.unfinished(call) ? 'unfinished' : undefined;
  }

  #check(name: string, { inputSchema }: Tool<never>, input: unknown) {
    let check = this.#checks.get(name);
    if (!check) {
      check = valueCheck(inputSchema);
      this.#checks.set(name, check);
    }
    return check.then((validate) => validate(input));
  }

  /** Whatever happens in the tool ends here; only the run's own abort goes through. */
  async #execute({ tool, input }: Ready): Promise<ToolOutcome> {
    const { signal, task, secrets } = this.#parts;
    const { timeoutMs = 30_000 } = tool;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('The call took too long.', 'TimeoutError')), timeoutMs);
    const both = AbortSignal.any([signal, late.signal]);
    try {
      const work = Promise.resolve().then(() => tool.execute(input, { signal: both, task, tainted: this.#tainted }));
      return { status: 'done', ...plainOutputOf(secrets.mask(plain(await abortable(work, both)))) };
    } catch (error) {
      signal.throwIfAborted();
      if (late.signal.aborted) return failed(`It took longer than ${timeoutMs} ms.`);
      return failed(shorten(String(secrets.mask(error instanceof Error ? error.message : String(error))), 1000));
    } finally {
      clearTimeout(timer);
      // What an untrusted tool throws is written by others, too.
      this.#tainted ||= !tool.trusted;
    }
  }

  /** A call of the run that is resumed: what it gave has been read already. */
  #again({ tool }: ToolCall, outcome: ToolOutcome): ToolOutcome {
    if (outcome.status === 'done' || outcome.status === 'failed') this.#tainted ||= !this.#toolOf(tool)?.trusted;
    return outcome;
  }

  #toolOf(name: string): Tool<never> | undefined {
    return Object.hasOwn(this.#parts.tools, name) ? this.#parts.tools[name] : undefined;
  }

  async #stateOf(name: string): Promise<string | undefined> {
    const { signal, secrets } = this.#parts;
    const tool = this.#toolOf(name);
    if (!tool?.state) return undefined;
    try {
      const state = abortable(Promise.resolve(tool.state()), AbortSignal.any([signal, AbortSignal.timeout(stateMs)]));
      return secrets.mask(shorten(String(await state), 1000));
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }
}

/** Only plain data can be masked for certain; what has a text of its own gives it here. */
function plain(output: unknown): unknown {
  return typeof output === 'object' && output !== null ? JSON.parse(JSON.stringify(output)) : output;
}

/** A rule that fails does not let anything pass. */
async function wants(rule: NonNullable<Tool<never>['needsApproval']>, input: never): Promise<boolean> {
  try {
    return typeof rule === 'function' ? Boolean(await rule(input)) : Boolean(rule);
  } catch {
    return true;
  }
}

function failed(error: string): ToolOutcome {
  return { status: 'failed', error };
}
