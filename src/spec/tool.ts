// Tool: something an agent may do, described so that a model and a validator understand it. Names as in the AI SDK.
import type { JsonSchema, StandardSchema } from './output.ts';

/** Kinds of content that a tool takes or gives. */
export type MediaKind = 'text' | 'image' | 'audio';

/** A piece of what a tool gives back, if it is more than plain data. */
export type ContentPart =
  | { type: 'text'; text: string }
  /** `data` is base64. */
  | { type: 'image' | 'audio'; mediaType: string; data: string };

/** What a call knows of the run that it belongs to. */
export interface ToolContext {
  /** Aborted when the run is, or when the call has used up its time. */
  signal: AbortSignal;
  /** What the user asked for. */
  task: string;
  /** The run has read untrusted text, so that the input may have been made up by others. */
  tainted: boolean;
}

/** Something an agent may do. */
export interface Tool<Input = unknown, Output = unknown> {
  /** What it does and when to use it, for the model and for choosing among tools. */
  description: string;
  /** An object's schema. */
  inputSchema: JsonSchema | StandardSchema;
  /** Gives plain data, or {@link ContentPart}s; what it throws is told to the model. */
  execute(input: Input, context: ToolContext): Output | Promise<Output>;
  /** The user is asked first. @default false; a run that has read untrusted text asks for everything that is not `readOnly` */
  needsApproval?: boolean | ((input: Input) => boolean | Promise<boolean>);
  /** Changes nothing. @default false */
  readOnly?: boolean;
  /** What it gives is not written by others, as documents, the page and the network are. @default false: it is treated as data */
  trusted?: boolean;
  /** Its description was written by others (another page, a server): a run that has it counts as one that has read untrusted text. @default false */
  foreign?: boolean;
  /** Other names, and requests that it answers; they help to find it. */
  aliases?: readonly string[];
  examples?: readonly string[];
  /** Kinds of content. @default text */
  accepts?: readonly MediaKind[];
  returns?: readonly MediaKind[];
  /** Takes a call back. */
  undo?(input: Input, output: Output): void | Promise<void>;
  /** What a call depends on, in short, as the view of a page; recorded before each call, and compared when the run is replayed. */
  state?(): string | Promise<string>;
  /** Upper time of a call in ms; waiting for the user is not counted. @default 30000 */
  timeoutMs?: number;
}

/** Tools by name. Names are of letters, digits, `_`, `-` and `.`, 1–64. */
export type ToolSet = Readonly<Record<string, Tool<never, unknown>>>;

/** A call that is asked for. */
export interface ToolCall {
  /** Unique in its run. */
  id: string;
  tool: string;
  /** Valid by the tool's schema. */
  input: unknown;
}
