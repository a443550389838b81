// WebMCP (https://webmachinelearning.github.io/webmcp): offers tools to the browser's own agent, and uses those that the page offers.
// `document.modelContext`, or where that is missing the older `navigator.modelContext`.
import { tellIssues, valueCheck } from '../prompt/check-value.ts';
import { inputJsonSchema } from '../prompt/tool.ts';
import type { CallOptions } from '../spec/call.ts';
import type { JsonSchema } from '../spec/output.ts';
import type { Tool, ToolSet } from '../spec/tool.ts';

/** What a browser offers, as far as it is used. */
interface ModelContext {
  registerTool(tool: object, options?: { signal?: AbortSignal }): unknown;
  /** Older browsers, which do not know `signal`. */
  unregisterTool?(name: string): unknown;
  getTools?(): Promise<readonly OfferedTool[]>;
  executeTool?(tool: OfferedTool, input: object, options?: { signal?: AbortSignal }): Promise<unknown>;
}

/** A tool of a page, as a browser tells it. */
interface OfferedTool {
  name: string;
  description: string;
  inputSchema?: object | string;
  annotations?: { readOnlyHint?: boolean };
}

/** Options of {@link registerWebMcp}. */
export interface WebMcpOptions extends CallOptions {
  /** Asked before calls of tools that want it. @default nobody is there: such calls are refused */
  approve?: (tool: string, input: unknown) => boolean | Promise<boolean>;
}

/** Whether this browser has WebMCP. */
export function hasWebMcp(): boolean {
  return modelContext() !== undefined;
}

/**
 * Offers tools to the browser's agent, until `signal` aborts. Inputs are checked by the tools' schemas, and approvals asked for.
 * @returns whether the browser has WebMCP; without it nothing happens
 */
export async function registerWebMcp(tools: ToolSet, { signal, approve }: WebMcpOptions = {}): Promise<boolean> {
  const context = modelContext();
  if (!context) return false;
  for (const [name, tool] of Object.entries(tools)) {
    signal?.throwIfAborted();
    const offered = {
      ...{ name, description: tool.description, inputSchema: inputJsonSchema(tool.inputSchema) },
      annotations: { readOnlyHint: tool.readOnly === true, untrustedContentHint: tool.trusted !== true },
      execute: (input: unknown) => call(name, tool, input, { approve, signal }),
    };
    await context.registerTool(offered, { signal });
    signal?.addEventListener('abort', () => context.unregisterTool?.(name), { once: true });
  }
  return true;
}

/**
 * The tools that the page offers, for `tools` of a run. They were written by others: a run that has them counts as one that has read
 * untrusted text, and what they say of themselves is not believed.
 * @param readOnly names of those that change nothing
 * @returns none where the browser has no WebMCP, or lets pages not use it
 */
export async function webMcpTools({
  readOnly = [],
}: {
  readOnly?: readonly string[];
} = {}): Promise<Record<string, Tool<never>>> {
  const context = modelContext();
  if (!context?.getTools || !context.executeTool) return {};
  const tools = (await context.getTools()).map((offered): [string, Tool<never>] => {
    const { name, description, inputSchema = { type: 'object' } } = offered;
    const schema = (typeof inputSchema === 'string' ? JSON.parse(inputSchema) : inputSchema) as JsonSchema;
    return [
      name,
      {
        description: description || name,
        inputSchema: schema,
        foreign: true,
        readOnly: readOnly.includes(name),
        execute: async (input: object, { signal }) => read(await context.executeTool!(offered, input, { signal })),
      },
    ];
  });
  return Object.fromEntries(tools);
}

function modelContext(): ModelContext | undefined {
  const holders = [globalThis.document, globalThis.navigator] as { modelContext?: ModelContext }[];
  return holders.find((holder) => typeof holder?.modelContext?.registerTool === 'function')?.modelContext;
}

async function call(name: string, tool: Tool<never>, input: unknown, { approve, signal }: WebMcpOptions): Promise<object> {
  const { value, issues } = await (await valueCheck(tool.inputSchema))(input ?? {});
  if (issues.length > 0) return content(`The input is not valid: ${tellIssues(issues)}.`, true);
  const { needsApproval = false } = tool;
  const asks = typeof needsApproval === 'function' ? await needsApproval(value as never) : needsApproval;
  if (asks && (await approve?.(name, value)) !== true) return content('The user said no.', true);
  try {
    // Whoever calls is the browser's agent, which may have read anything.
    const context = { signal: signal ?? new AbortController().signal, task: '', tainted: true };
    const output = await tool.execute(value as never, context);
    return content(typeof output === 'string' ? output : (JSON.stringify(output) ?? 'null'));
  } catch (error) {
    return content(error instanceof Error ? error.message : String(error), true);
  }
}

function content(text: string, isError = false): object {
  return { content: [{ type: 'text', text }], ...(isError && { isError }) };
}

/** What a tool gave: text out of the protocol's envelope, other data as they are. @throws Error for what the tool calls an error */
function read(result: unknown): unknown {
  const value = parsed(result);
  const { content: parts, isError } = (value ?? {}) as { content?: { text?: string }[]; isError?: boolean };
  if (!Array.isArray(parts)) return value;
  const text = parts.map((part) => part.text ?? '').join('\n');
  if (isError) throw new Error(text || 'It failed.');
  return text;
}

function parsed(result: unknown): unknown {
  if (typeof result !== 'string') return result;
  try {
    return JSON.parse(result);
  } catch {
    return result;
  }
}
