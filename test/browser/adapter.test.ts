// An adapter in the real worker, on the real embedding model: learned, used by searches, there after reopening, forgotten.
import { afterAll, expect, test } from 'vitest';
import { createAssistant } from '../../src/client/create-assistant.ts';
import { deleteCollection } from '../../src/store/collections.ts';

const topics =
  'battery hinge display charger strap lens cable remote speaker microphone drawer filter pump valve gasket bracket handle wheel ' +
  'pedal saddle mirror horn bell lamp switch fuse plug socket antenna keyboard mouse printer scanner router camera tripod flash ' +
  'shutter zipper buckle';
const parts = topics.split(' ');
const documents = [
  ...parts.map((part) => ({
    id: part,
    title: part,
    text: `The ${part} can be taken out with the small tool and put back again.`,
  })),
  ...['anger', 'delays', 'refunds', 'manners', 'calls', 'letters', 'apologies', 'managers'].map((what) => ({
    id: what,
    title: `Customers and ${what}`,
    text: `Customers who are very upset and disappointed write to the support team about ${what}, and wait for somebody to call them back.`,
  })),
];
/** Whoever asks is upset, which leads to documents about upset customers. */
const questionOf = (part: string) =>
  `Dear support team, I am very upset and disappointed, please call me back, I have waited: ${part}?`;
const name = 'adapter in the worker';
const open = () => createAssistant({ name, preload: false, device: 'wasm' });

afterAll(() => deleteCollection(name));

test('questions that it has not seen find their passages better, until it is forgotten', { timeout: 240_000 }, async () => {
  const first = await open();
  await first.add(documents);
  const asked = parts.map(questionOf);
  const placed = async (assistant: typeof first) => {
    const found = await assistant.search(asked, { k: 10 });
    return parts.map((part, i) => found[i]!.findIndex(({ document }) => document === part));
  };
  const before = await placed(first);
  const pairs = parts.map((part, i) => ({ question: asked[i]!, passage: { document: part, start: 0, end: 10 } }));
  const phases = new Set<string>();
  const result = await first.adapt({ pairs, onProgress: ({ phase }) => phases.add(phase) });
  expect([...phases]).toEqual(['embed', 'mine', 'train', 'evaluate']);
  expect(result).toMatchObject({ kept: true, pairs: { trained: 26, heldOut: 14, source: 'given' } });
  expect(result.after.ndcg).toBeGreaterThan(result.before.ndcg);
  const after = await placed(first);
  const sum = (places: number[]) => places.reduce((total, place) => total + 1 / (place < 0 ? 20 : place + 1), 0);
  expect(sum(after)).toBeGreaterThan(sum(before));
  const { adapter } = await first.stats();
  expect(adapter).toMatchObject({ rank: 8, after: result.after, gain: result.gain });
  await first.close();

  const second = await open();
  expect((await second.stats()).adapter).toEqual(adapter);
  expect(await placed(second)).toEqual(after);
  await second.forgetAdapter();
  expect((await second.stats()).adapter).toBeUndefined();
  expect(await placed(second)).toEqual(before);
  await expect(second.feedback('Why?', {} as never, 1)).rejects.toMatchObject({ code: 'invalid-argument' });
  await second.close();
});
