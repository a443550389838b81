// Takes back what a run has done, as far as its tools can.
import type { AgentStep } from '../spec/agent.ts';
import type { CallOptions } from '../spec/call.ts';
import type { ToolCall, ToolSet } from '../spec/tool.ts';
import { abortable } from '../util/async.ts';
import { Secrets } from './secrets.ts';

/** What became of a call that was to be taken back. */
export interface Undone {
  call: ToolCall;
  /** `kept`: its tool cannot take it back, or changes nothing. */
  status: 'undone' | 'kept' | 'failed';
  error?: string;
}

/** Options of {@link undo}. */
export interface UndoOptions extends CallOptions {
  tools: ToolSet;
  /** As in the run. */
  secrets?: Readonly<Record<string, string>>;
}

/**
 * Takes back the calls that were made, the last one first. One that fails does not stop the others.
 * @param steps of a run
 * @returns one entry for each call that was made, in the order in which they were looked at
 */
export async function undo(steps: readonly AgentStep[], { tools, secrets, signal }: UndoOptions): Promise<Undone[]> {
  const values = new Secrets(secrets);
  const made = steps.flatMap((step) => (step.type === 'result' && step.outcome.status === 'done' ? [step] : []));
  const undone: Undone[] = [];
  for (const { call, outcome } of made.reverse()) {
    signal?.throwIfAborted();
    const tool = Object.hasOwn(tools, call.tool) ? tools[call.tool] : undefined;
    if (!tool?.undo || outcome.status !== 'done') {
      undone.push({ call, status: 'kept' });
      continue;
    }
    try {
      await abortable(Promise.resolve(tool.undo(values.reveal(call.input) as never, values.reveal(outcome.output))), signal);
      undone.push({ call, status: 'undone' });
    } catch (error) {
      signal?.throwIfAborted();
      undone.push({ call, status: 'failed', error: values.mask(error instanceof Error ? error.message : String(error)) });
    }
  }
  return undone;
}
