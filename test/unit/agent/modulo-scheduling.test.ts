// LLM-Modulo on a hundred scheduling tasks: it gives a plan that passes, or says that it found none.
import { expect, test } from 'vitest';
import { modulo } from '../../../src/agent/patterns/modulo.ts';
import { createRandom } from '../../../src/util/random.ts';
import { endOf, stepsOf } from '../../support/agent-scene.ts';
import { schedulingTask } from '../../support/scheduling.ts';

test('never a plan that a verifier refuses', async () => {
  const ends = { finished: 0, 'gave-up': 0, refused: 0, unsolvable: 0 };
  for (let seed = 1; seed <= 100; seed++) {
    const { task, output, verifiers, solvable, names, hours } = schedulingTask(seed);
    const random = createRandom(seed);
    // A model that guesses, and now and then says what is no plan.
    const reply = () => {
      if (random() < 0.1) return 'Ada first, then the others.';
      return JSON.stringify(Object.fromEntries(names.map((name) => [name, hours[Math.floor(random() * hours.length)]])));
    };
    const steps = await stepsOf(task, { pattern: modulo({ output: { schema: output } }), verifiers, maxSteps: 8 }, { reply });
    const { reason, value, answer } = endOf(steps);
    if (reason === 'finished') {
      ends.finished++;
      for (const { verify } of verifiers) expect(await verify(value, task)).toEqual([]);
      expect(solvable).toBe(true);
    } else {
      expect({ reason, value, answer }).toEqual({ reason: 'gave-up', value: undefined, answer: '' });
      ends['gave-up']++;
    }
    if (!solvable) ends.unsolvable++;
  }
  // Both ends are met, also where there is no plan at all.
  expect(ends.finished).toBeGreaterThan(10);
  expect(ends['gave-up']).toBeGreaterThan(10);
  expect(ends.unsolvable).toBeGreaterThan(0);
});
