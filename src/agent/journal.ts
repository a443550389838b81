// The steps of a run that was broken off, served again to the run that goes on from there: nothing is done twice.
import type { AgentStep } from '../spec/agent.ts';
import type { ToolCall } from '../spec/tool.ts';
import { InpageError } from '../util/errors.ts';
import { canonical } from './plain-data.ts';

type StepOf<Type extends AgentStep['type']> = Extract<AgentStep, { type: Type }>;

/** Finds earlier steps by what they belong to, whatever the order in which calls at the same time ended. */
export class Journal {
  readonly #steps = new Map<string, AgentStep>();
  readonly #written = new Map<string, number>();

  constructor(steps: readonly AgentStep[] = []) {
    const counts = new Map<string, number>();
    for (const step of steps) this.#steps.set(keyOf(step, counts), step);
  }

  /** The n-th answer of the model, from 0. */
  generation(n: number): StepOf<'generation'> | undefined {
    return this.#steps.get(`generation ${n}`) as StepOf<'generation'> | undefined;
  }

  /** A call that was about to be made. */
  call(id: string): StepOf<'call'> | undefined {
    return this.#steps.get(`call ${id}`) as StepOf<'call'> | undefined;
  }

  /** How it ended. */
  result(id: string): StepOf<'result'> | undefined {
    return this.#steps.get(`result ${id}`) as StepOf<'result'> | undefined;
  }

  /** Whether a call was about to be made, and its end is not known. */
  unfinished({ id }: ToolCall): boolean {
    if (!this.call(id) || this.result(id)) return false;
    const asked = this.#steps.get(`approval ${id}`) as StepOf<'approval'> | undefined;
    return asked?.approved !== false;
  }

  /** Whether a step is new. @throws InpageError `invalid-argument` if another call stands where this one is made */
  isNew(step: AgentStep): boolean {
    const known = this.#steps.get(keyOf(step, this.#written));
    if (known?.type === 'call' && step.type === 'call' && canonical(known.call) !== canonical(step.call)) {
      const message = `The steps to resume are of another run: call ${step.call.id} is ${step.call.tool}, and was ${known.call.tool}. Leave "resume" out, or give task and options as they were.`;
      throw new InpageError('invalid-argument', message, { detail: { now: step.call, before: known.call } });
    }
    return !known;
  }
}

function keyOf(step: AgentStep, counts: Map<string, number>): string {
  if ('call' in step) return `${step.type} ${step.call.id}`;
  const n = counts.get(step.type) ?? 0;
  counts.set(step.type, n + 1);
  return `${step.type} ${n}`;
}
