// Agent: from a task to steps, each a piece of plain data that can be stored, shown and replayed.
import type { CallOptions } from './call.ts';
import type { Embedder } from './embedder.ts';
import type { GenerateOptions, Llm, Usage } from './llm.ts';
import type { ToolCall, ToolSet } from './tool.ts';

/** How a call ended. */
export type ToolOutcome =
  /** `output` is cut to what the model can read; `truncated` tells the characters that are missing. */
  | { status: 'done'; output: unknown; truncated?: number }
  /** It threw, took too long, or its input was not valid. */
  | { status: 'failed'; error: string }
  /** The user, or a rule, said no. */
  | { status: 'refused'; reason: string }
  /** Not executed: a dry run. */
  | { status: 'planned' };

/** One step of a run. Every step is plain data. */
export type AgentStep =
  /** Tools that were found for the task, best first, and why no other. */
  | { type: 'tools'; names: readonly string[]; reason?: string }
  /** What the model thinks it should do next, in a sentence. */
  | { type: 'thought'; text: string }
  /** Calls in the order in which they will be made; inputs may name earlier results as `#E1`. */
  | { type: 'plan'; calls: readonly ToolCall[] }
  | { type: 'call'; call: ToolCall }
  /** Asked before a call; `rule` says what made it necessary. */
  | { type: 'approval'; call: ToolCall; rule: string; approved: boolean }
  | { type: 'result'; call: ToolCall; outcome: ToolOutcome; ms: number }
  /** Verifiers' complaints about a candidate, handed back to the model. */
  | { type: 'critique'; candidate: string; complaints: readonly string[] }
  /** A sub-agent or role begins its part. */
  | { type: 'handoff'; to: string; input: unknown }
  | { type: 'done'; reason: AgentEnd; answer: string; value?: unknown; usage: AgentUsage };

/**
 * Why a run ended: `finished`; `no-tool`: nothing among the tools fits; `gave-up`: no candidate passed, or nothing new was tried;
 * `budget`: steps, tokens or time used up; `refused`: the user declined.
 */
export type AgentEnd = 'finished' | 'no-tool' | 'gave-up' | 'budget' | 'refused';

/** What a run cost. */
export interface AgentUsage extends Usage {
  steps: number;
  ms: number;
}

/** A checker of candidates; gives its complaints, none if it passes. */
export interface Verifier {
  readonly name: string;
  verify(candidate: unknown, task: string): readonly string[] | Promise<readonly string[]>;
}

/** What a pattern works with. */
export interface AgentContext {
  llm: Llm;
  embedder: Embedder;
}

/** Options of a run. */
export interface RunOptions extends CallOptions {
  tools: ToolSet;
  /** Name of a built-in pattern, or one of your own. @default 'direct' */
  pattern?: string | AgentPattern;
  /** Model calls and tool calls are counted apart; this bounds the rounds. 1–100. @default 8 */
  maxSteps?: number;
  /** Upper number of tokens that are read and written. @default no limit */
  maxTokens?: number;
  /** Upper time in ms. @default no limit */
  maxMs?: number;
  /** Asked before calls that need it. @default nobody is there: such calls are refused */
  approve?: (call: ToolCall, rule: string) => boolean | Promise<boolean>;
  /** Tells what would be called, and calls only what is `readOnly`. @default false */
  dryRun?: boolean;
  /** Values by name that the model never sees: it writes `{{name}}`, the tool gets the value. */
  secrets?: Readonly<Record<string, string>>;
  verifiers?: readonly Verifier[];
  /** Steps of a run that was broken off, to go on from. */
  resume?: readonly AgentStep[];
  /** Sampling; `signal` is taken from the run. */
  generation?: Omit<GenerateOptions, 'signal' | 'output'>;
}

/** A way from a task to steps. */
export interface AgentPattern {
  readonly name: string;
  run(task: string, context: AgentContext, options: RunOptions): AsyncIterable<AgentStep>;
}
