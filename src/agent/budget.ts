// The budgets of a run: rounds, calls, tokens and time.
import type { AgentUsage } from '../spec/agent.ts';
import type { Usage } from '../spec/llm.ts';
import { InpageError } from '../util/errors.ts';

/** Upper bounds; what is not there is not bounded. */
export interface Limits {
  maxSteps: number;
  maxTokens?: number;
  maxMs?: number;
}

/** Thrown inside a run whose budget is used up; its end tells so. */
export class OutOfBudget extends Error {
  override readonly name = 'OutOfBudget';
}

/** Counts what a run costs. */
export class Budget {
  readonly #limits: Limits;
  readonly #started = performance.now();
  #usage = { steps: 0, calls: 0, generations: 0, promptTokens: 0, completionTokens: 0, cachedTokens: 0 };

  /** @throws InpageError `invalid-argument` for a bound out of range */
  constructor(limits: Limits) {
    const { maxSteps, maxTokens = 1, maxMs = 1 } = limits;
    if (!Number.isInteger(maxSteps) || maxSteps < 1 || maxSteps > 100) throw outOfRange('maxSteps', maxSteps, 'from 1 to 100');
    if (!Number.isInteger(maxTokens) || maxTokens < 1) throw outOfRange('maxTokens', maxTokens, 'from 1');
    if (!(maxMs > 0)) throw outOfRange('maxMs', maxMs, 'above 0');
    this.#limits = limits;
  }

  /** Tokens that may still be read and written. */
  get tokensLeft(): number {
    const { promptTokens, completionTokens } = this.#usage;
    return (this.#limits.maxTokens ?? Number.POSITIVE_INFINITY) - promptTokens - completionTokens;
  }

  get usage(): AgentUsage {
    return { ...this.#usage, ms: performance.now() - this.#started };
  }

  /** @throws OutOfBudget */
  round(): void {
    this.check();
    if (this.#usage.steps >= this.#limits.maxSteps) throw new OutOfBudget(`${this.#limits.maxSteps} steps are used up.`);
    this.#usage.steps++;
  }

  /** @throws OutOfBudget */
  call(): void {
    this.check();
    if (this.#usage.calls >= this.#limits.maxSteps) throw new OutOfBudget(`${this.#limits.maxSteps} calls are used up.`);
    this.#usage.calls++;
  }

  generated({ promptTokens, completionTokens, cachedTokens = 0 }: Usage): void {
    this.#usage.generations++;
    this.#usage.promptTokens += promptTokens;
    this.#usage.completionTokens += completionTokens;
    this.#usage.cachedTokens += cachedTokens;
  }

  /** @throws OutOfBudget if tokens or time are used up */
  check(): void {
    const { maxTokens, maxMs = Number.POSITIVE_INFINITY } = this.#limits;
    if (this.tokensLeft <= 0) throw new OutOfBudget(`${maxTokens} tokens are used up.`);
    if (performance.now() - this.#started > maxMs) throw new OutOfBudget(`${maxMs} ms are used up.`);
  }
}

function outOfRange(name: string, value: number, range: string): InpageError {
  return new InpageError('invalid-argument', `${name} is ${value}; it must be a number ${range}.`, { detail: { [name]: value } });
}
