// What a model is shown of a run: the tools, what has been done, and last of all the task, which nothing in between can change.

import { inputJsonSchema } from '../prompt/tool.ts';
import { defuse, quoteUntrusted, visibleText } from '../prompt/untrusted.ts';
import type { ToolOutcome } from '../spec/agent.ts';
import type { ToolSet } from '../spec/tool.ts';
import { shorten, textOf } from './plain-data.ts';

/** A step that has been made. */
export interface PastStep {
  thought?: string;
  tool: string;
  input: unknown;
  outcome: ToolOutcome;
}

/** Characters of one result that are shown. */
const shownOfResult = 1500;

/** What a tool does and takes, a line each. */
export function tellTools(tools: ToolSet): string {
  const lines = Object.entries(tools).map(([name, { description, inputSchema }]) => {
    const { properties = {} } = inputJsonSchema(inputSchema) as { properties?: Record<string, unknown> };
    // A description may come from elsewhere: one line, and nothing hidden.
    const told = shorten(defuse(visibleText(description)).replace(/\s+/g, ' ').trim(), 300);
    return `- ${name}(${Object.keys(properties).join(', ')}): ${told}`;
  });
  return lines.join('\n') || '(none)';
}

/** How a call ended, for the model. What the tool itself says is quoted. */
export function tellOutcome(tool: string, outcome: ToolOutcome): string {
  switch (outcome.status) {
    case 'done':
      return quoteUntrusted(`result of ${tool}`, shorten(textOf(outcome.output), shownOfResult));
    case 'failed':
      return quoteUntrusted(`failure of ${tool}`, outcome.error);
    case 'refused':
      return `Refused: ${outcome.reason}`;
    case 'planned':
      return 'Not executed: this is a dry run. Go on as if it were done.';
  }
}

/** The steps so far, numbered; then a note, which must be safe to show, and the task. */
export function tellSteps(task: string, steps: readonly PastStep[], note?: string): string {
  const told = steps.map(({ thought, tool, input, outcome }, i) => {
    const said = thought ? `${defuse(thought)}\n` : '';
    return `Step ${i + 1}: ${said}${tool} ${defuse(JSON.stringify(input))}\n${tellOutcome(tool, outcome)}`;
  });
  return [...told, ...(note ? [note] : []), `Task: ${defuse(task)}`].join('\n\n');
}
