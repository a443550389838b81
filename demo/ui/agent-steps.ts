// Steps of a run as lines that a reader understands.
import type { AgentStep, ToolCall } from '../../src/index.ts';
import { h } from './dom.ts';

/** A call in words: `type "Ada" into [3]`. */
export function tellCall({ tool, input }: ToolCall): string {
  const { element, text, options, key, ...rest } = input as Record<string, unknown>;
  const value = text ?? options ?? key;
  return [
    tool.replaceAll('_', ' '),
    value !== undefined && JSON.stringify(value),
    element !== undefined && `[${element}]`,
    Object.keys(rest).length > 0 && JSON.stringify(rest),
  ]
    .filter(Boolean)
    .join(' ');
}

/** A step as an item of the list, or undefined where it says nothing new to a reader. */
export function stepItem(step: AgentStep): HTMLElement | undefined {
  switch (step.type) {
    case 'thought':
      return h('li', {}, step.text);
    case 'approval':
      return step.approved ? undefined : h('li', { class: 'failed' }, `Refused: ${tellCall(step.call)}`);
    case 'result': {
      const { call, outcome } = step;
      if (outcome.status === 'failed') return h('li', { class: 'failed' }, `${tellCall(call)}: ${outcome.error}`);
      if (outcome.status !== 'done' || call.tool === 'read_page') return undefined;
      return h('li', {}, tellOutput(outcome.output) || tellCall(call));
    }
    default:
      return undefined;
  }
}

function tellOutput(output: unknown): string {
  if (typeof output === 'string') return output;
  const { done, value } = (output ?? {}) as { done?: string; value?: string };
  return done ? `${done} It holds "${value}" now.` : '';
}
