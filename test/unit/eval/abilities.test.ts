// Cases for single abilities, made over the real index.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AbilityCase, makeAbilities, rateAbility } from '../../../src/eval/abilities.ts';
import type { AnswerResult } from '../../../src/eval/evaluate-answers.ts';
import { openScene, type Scene } from '../../support/strategy-scene.ts';

const cities = ['Oslo', 'Rome', 'Lima', 'Cairo', 'Quito', 'Paris', 'Delhi', 'Accra'];
const documents = cities.map((city, i) => ({
  id: `p${i}`,
  title: `Place ${i}`,
  text: `The capital of country number ${i} is ${city}. It has a harbor.`,
  metadata: { id: `p${i}` },
}));
const set = {
  name: 'capitals',
  cases: cities.map((city, i) => ({
    id: String(i),
    question: `What is the capital of country number ${i}?`,
    gold: [{ document: `p${i}` }],
    answers: [city],
  })),
};

let scene: Scene;
beforeAll(async () => {
  scene = await openScene(documents);
});
afterAll(() => scene.store.close());

const allowed = ({ filter }: AbilityCase) => (filter as { id: { $in: string[] } }).id.$in;

test('each ability has its passages and nothing else', async () => {
  const { cases, documents: copies } = await makeAbilities(set, scene.context.retriever, { n: 4, seed: 3 });
  const of = (ability: string) => cases.filter((item) => item.ability === ability);
  expect(['noise', 'rejection', 'integration', 'counterfactual'].map((ability) => of(ability).length)).toEqual([4, 4, 4, 4]);
  for (const item of of('noise')) {
    expect(allowed(item)).toHaveLength(5);
    expect(allowed(item)).toContain(item.gold[0]!.document);
  }
  for (const item of of('rejection')) {
    expect(allowed(item)).toHaveLength(5);
    expect(allowed(item)).not.toContain(item.gold[0]!.document);
  }
  for (const item of of('integration')) {
    expect(item.question).toMatch(/^What is .* number \d, and What is .* number \d\?$/);
    expect(item.parts).toHaveLength(2);
    for (const [answer] of item.parts) expect(allowed(item)).toContain(`p${cities.indexOf(answer!)}`);
  }
  for (const item of of('counterfactual')) {
    const gold = item.gold[0]!.document;
    const copy = copies.find(({ id }) => id === `${gold} (changed)`)!;
    expect(allowed(item)).toEqual([gold, copy.id]);
    expect(copy.metadata).toEqual({ id: copy.id });
    expect(copy.text).toContain(item.wrong);
    expect(copy.text).not.toContain(item.parts[0]![0]);
  }
  expect(await makeAbilities(set, scene.context.retriever, { n: 4, seed: 3 })).toEqual({ cases, documents: copies });
});

test('a passage that holds the answer is no noise', async () => {
  const twice = { ...set, cases: [{ ...set.cases[0]!, answers: ['harbor'] }] };
  const { cases } = await makeAbilities(twice, scene.context.retriever, { n: 1 });
  expect(allowed(cases.find(({ ability }) => ability === 'noise')!)).toEqual(['p0']);
});

test('what is right depends on the ability', () => {
  const rate = (item: Partial<AbilityCase>, answer: string, reason = 'stop') =>
    rateAbility({ ability: 'noise', parts: [['Oslo']], ...item } as AbilityCase, { answer, reason } as AnswerResult);
  expect(rate({}, 'It is Oslo.')).toEqual({ right: 1 });
  expect(rate({}, 'It is Oslo.', 'abstained')).toEqual({ right: 0 });
  expect(rate({ ability: 'rejection' }, 'Nothing found.', 'abstained')).toEqual({ right: 1 });
  expect(rate({ ability: 'rejection' }, 'It is Oslo.')).toEqual({ right: 0 });
  expect(rate({ ability: 'integration', parts: [['Oslo'], ['Rome']] }, 'It is Oslo.')).toEqual({ right: 0 });
  expect(rate({ ability: 'integration', parts: [['Oslo'], ['Rome']] }, 'Oslo and Rome.')).toEqual({ right: 1 });
  const counterfactual = { ability: 'counterfactual', wrong: 'Lima' } as const;
  expect(rate(counterfactual, 'Lima.')).toEqual({ right: 0, misled: 1 });
  expect(rate(counterfactual, 'One source says Oslo, another Lima.')).toEqual({ right: 1, misled: 0 });
  expect(rate(counterfactual, 'Nothing.', 'abstained')).toEqual({ right: 0, misled: 0 });
});
