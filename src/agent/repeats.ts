// Calls made again: a model that is stuck asks for the same thing for ever.
import type { ToolOutcome } from '../spec/agent.ts';
import { canonical } from './plain-data.ts';

/** The same call with the same outcome may be made this often. */
const limit = 2;

/** What a call is known by: the same input on another state of the page is another call. */
export interface CallKey {
  tool: string;
  input: unknown;
  state?: string;
}

/** Remembers the calls of a run. */
export class Repeats {
  readonly #outcomes = new Map<string, string[]>();

  /** Whether a call has given the same so often that it will give nothing new. */
  tired(key: CallKey): boolean {
    const last = this.#outcomes.get(keyOf(key))?.slice(-limit) ?? [];
    return last.length === limit && new Set(last).size === 1;
  }

  add(key: CallKey, outcome: ToolOutcome): void {
    const before = this.#outcomes.get(keyOf(key)) ?? [];
    this.#outcomes.set(keyOf(key), [...before, canonical(outcome)]);
  }
}

function keyOf({ tool, input, state = '' }: CallKey): string {
  return canonical([tool, input, state]);
}
