// The scripted policies by task.
import { choosing } from './oracles-choose.ts';
import { drawing } from './oracles-draw.ts';
import { writing } from './oracles-write.ts';
import type { Oracle, Policy } from './policy.ts';

const oracles: Record<string, Oracle> = { ...choosing, ...writing, ...drawing };

/** Plays a task by its script. @throws Error for a task that has none */
export const oraclePolicy: Policy = async (hands, task) => {
  const oracle = oracles[task];
  if (!oracle) throw new Error(`There is no script for ${task}.`);
  await oracle(hands);
};
