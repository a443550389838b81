// Small scheduling tasks, made by a seed, with sound checks of a plan: who has which hour.
import type { Verifier } from '../../src/spec/agent.ts';
import type { JsonSchema } from '../../src/spec/output.ts';
import { createRandom } from '../../src/util/random.ts';

/** Hours by name. */
export type Plan = Record<string, number>;

export interface SchedulingTask {
  task: string;
  output: JsonSchema;
  verifiers: Verifier[];
  /** Whether any plan passes; told by trying them all. */
  solvable: boolean;
  names: readonly string[];
  hours: readonly number[];
}

const people = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve'];

/** Makes one: three to four people, four hours, some wishes that may not go together. */
export function schedulingTask(seed: number): SchedulingTask {
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  const names = people.slice(0, 3 + Math.floor(random() * 2));
  const hours = [9, 10, 11, 12];
  const rules: { told: string; holds(plan: Plan): boolean }[] = [
    {
      told: 'No two of them have the same hour',
      holds: (plan) => new Set(names.map((name) => plan[name])).size === names.length,
    },
  ];
  for (let n = 0; n < 3; n++) {
    const [one, other, hour] = [pick(names), pick(names), pick(hours)];
    rules.push(
      pick([
        { told: `${one} has not ${hour}`, holds: (plan: Plan) => plan[one] !== hour },
        { told: `${one} is before ${hour}`, holds: (plan: Plan) => plan[one]! < hour },
        ...(one === other ? [] : [{ told: `${one} is before ${other}`, holds: (plan: Plan) => plan[one]! < plan[other]! }]),
      ]),
    );
  }
  const verifiers = rules.map(({ told, holds }, i) => ({
    name: `rule ${i + 1}`,
    verify: (candidate: unknown) => (holds(candidate as Plan) ? [] : [`${told}: this is not kept.`]),
  }));
  const plans = names.reduce<Plan[]>(
    (all, name) => all.flatMap((plan) => hours.map((hour) => ({ ...plan, [name]: hour }))),
    [{}],
  );
  return {
    task: `Give ${names.join(', ')} an hour each, of ${hours.join(', ')}. ${rules.map(({ told }) => `${told}.`).join(' ')}`,
    output: {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, { enum: hours }])),
      required: names,
      additionalProperties: false,
    },
    verifiers,
    solvable: plans.some((plan) => rules.every(({ holds }) => holds(plan))),
    names,
    hours,
  };
}
