// Agent: from a task to steps, each a piece of plain data that can be stored, shown, resumed and replayed.
import type { CallOptions } from './call.ts';
import type { Embedder } from './embedder.ts';
import type { GenerateOptions, Llm, Usage } from './llm.ts';
import type { ToolCall, ToolSet } from './tool.ts';

/** How a call ended. */
export type ToolOutcome =
  /** `output` is plain data, cut to what a model can read; `truncated` tells the characters that are missing. */
  | { status: 'done'; output: unknown; truncated?: number }
  /** It threw, took too long, or its input was not valid. */
  | { status: 'failed'; error: string }
  /** The user, or a rule, said no. */
  | { status: 'refused'; reason: string }
  /** Not executed: a dry run. */
  | { status: 'planned' };

/**
 * What makes an approval necessary. `tool`: its own `needsApproval`; `untrusted`: the run has read untrusted text, and the call
 * changes something; `secret`: likewise, and the call takes a secret; `unfinished`: a run is resumed that was broken off while
 * this call was being made, so that it may have taken place.
 */
export type ApprovalRule = 'tool' | 'untrusted' | 'secret' | 'unfinished';

/** One step of a run. Every step is plain data; all of them together are the log of what was done. */
export type AgentStep =
  /** Tools that were found for the task, best first, and why no other. */
  | { type: 'tools'; names: readonly string[]; reason?: string }
  /** What the model wrote, or why nothing came of it. It lets a run go on later without asking the model the same again. */
  | { type: 'generation'; text: string; value?: unknown; usage: Usage; error?: { code: string; message: string } }
  /** What the model thinks it should do next, in a sentence. */
  | { type: 'thought'; text: string }
  /** Calls in the order in which they will be made; inputs may name earlier results as `#E1`. */
  | { type: 'plan'; calls: readonly Pick<ToolCall, 'tool' | 'input'>[] }
  /** About to be made; `state` is what the tool's `state()` gave. */
  | { type: 'call'; call: ToolCall; state?: string }
  /** Asked before a call. */
  | { type: 'approval'; call: ToolCall; rule: ApprovalRule; approved: boolean }
  | { type: 'result'; call: ToolCall; outcome: ToolOutcome; ms: number }
  /** Verifiers' complaints about a candidate, handed back to the model. */
  | { type: 'critique'; candidate: unknown; complaints: readonly string[] }
  /** A role begins its part. */
  | { type: 'handoff'; to: string; input: unknown }
  | ({ type: 'done'; usage: AgentUsage } & AgentResult);

/**
 * Why a run ended: `finished`; `no-tool`: nothing among the tools fits; `gave-up`: no candidate passed, or nothing new was tried;
 * `budget`: steps, tokens or time used up; `refused`: the user declined.
 */
export type AgentEnd = 'finished' | 'no-tool' | 'gave-up' | 'budget' | 'refused';

/** What came of a run. */
export interface AgentResult {
  reason: AgentEnd;
  /** For the user. Empty where there is none. */
  answer: string;
  /** The same as plain data, where the pattern has it. */
  value?: unknown;
  /** Why it did not finish, in a sentence. */
  detail?: string;
}

/** What a run cost. */
export interface AgentUsage extends Usage {
  /** Rounds of the pattern. */
  steps: number;
  /** Tool calls, those that were refused too. */
  calls: number;
  /** Answers of the model. */
  generations: number;
  ms: number;
}

/** A checker of candidates; gives its complaints, none if it passes. */
export interface Verifier {
  readonly name: string;
  verify(candidate: unknown, task: string): readonly string[] | Promise<readonly string[]>;
}

/** What an agent works with. */
export interface AgentContext {
  llm: Llm;
  embedder: Embedder;
}

/** Options of a run. */
export interface RunOptions extends CallOptions {
  /** Fixed when the run begins: nothing that is read later adds to them. */
  tools?: ToolSet;
  /** Name of a built-in pattern, or one of your own. @default 'direct' */
  pattern?: string | AgentPattern;
  /** Upper number of rounds, and of tool calls. 1–100. @default 8 */
  maxSteps?: number;
  /** Upper number of tokens that are read and written. @default no limit */
  maxTokens?: number;
  /** Upper time in ms. @default no limit */
  maxMs?: number;
  /** Asked before calls that need it. @default nobody is there: such calls are refused */
  approve?: (call: ToolCall, rule: ApprovalRule) => boolean | Promise<boolean>;
  /** Tells what would be called, and calls only what is `readOnly`. @default false */
  dryRun?: boolean;
  /** Values by name that the model never sees: it writes `{{name}}`, the tool gets the value. */
  secrets?: Readonly<Record<string, string>>;
  /** The task holds text by others: the run begins as one that has read untrusted text. @default false */
  tainted?: boolean;
  /** Sound checks of what the run will give, for patterns that use them. */
  verifiers?: readonly Verifier[];
  /** Steps of a run of the same task that was broken off, or whose budget was used up: it goes on, and gives only the steps that are new. */
  resume?: readonly AgentStep[];
  /** Sampling; `signal` is taken from the run. */
  generation?: Omit<GenerateOptions, 'signal' | 'output'>;
}

/** A run, as its pattern sees it: the model, the tools to choose from, and the one way to call them. */
export interface AgentRun extends AgentContext {
  readonly task: string;
  /** What may be called, by name. They are called through {@link AgentRun.call} only. */
  readonly tools: ToolSet;
  readonly verifiers: readonly Verifier[];
  readonly generation: Omit<GenerateOptions, 'signal' | 'output'>;
  readonly maxSteps: number;
  /** Aborted with the run, and when its time is used up. What {@link AgentContext} and tools do ends with it by itself. */
  readonly signal: AbortSignal;
  /** The run has read untrusted text. */
  readonly tainted: boolean;
  /** Begins a round. Ends the run where its steps, tokens or time are used up. */
  round(): void;
  /**
   * Makes a call by all the rules: `const outcome = yield* run.call(…)`. Whatever happens in the tool is an outcome; an aborted run
   * rejects.
   */
  call(tool: string, input: unknown): AsyncGenerator<AgentStep, ToolOutcome, undefined>;
  /** Makes calls that do not depend on each other at the same time; outcomes are in the order of the calls. */
  callAll(calls: readonly Pick<ToolCall, 'tool' | 'input'>[]): AsyncGenerator<AgentStep, ToolOutcome[], undefined>;
}

/**
 * A way from a task to steps. It must do the same again when the model and the tools answer the same, which lets a run be resumed:
 * chance and time come from the model and the tools only.
 */
export interface AgentPattern {
  readonly name: string;
  run(run: AgentRun): AsyncGenerator<AgentStep, AgentResult, undefined>;
}
