// Ends that patterns have in common.
import type { AgentResult } from '../spec/agent.ts';
import { repeated } from './executor.ts';

/** There is nothing to call. */
export const noTool: AgentResult = { reason: 'no-tool', answer: '', detail: 'There is no tool for the task.' };

/** A call was refused: by the user, for want of one, or because it gives nothing new. */
export function endOfRefusal(reason: string): AgentResult {
  return { reason: reason === repeated ? 'gave-up' : 'refused', answer: '', detail: reason };
}

/** Nothing that was tried led to an end. */
export function gaveUp(detail: string): AgentResult {
  return { reason: 'gave-up', answer: '', detail };
}
