// Contract of `Reranker`: all three kinds run it, on real models.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reranker } from '../../src/spec/reranker.ts';
import { isAbort } from '../../src/util/errors.ts';

/** How a kind takes part. */
export interface RerankerSuite {
  /** Makes the reranker; called twice, each closed in the end. */
  create(): Reranker;
  /** What is left out, and why. */
  skip?: Partial<Record<'relevance' | 'alone', string>>;
  /** By how much two scores of the same may differ: in lower precision they depend a little on what is computed together. */
  tolerance: number;
}

const query = 'When does the depot open?';
const texts = [
  'Bananas are yellow when they are ripe.',
  'The depot opens at nine in the morning.',
  'Salt air rusts iron.',
  'The committee elects a chair every second year.',
  'Rain is expected in the north.',
];

/** Runs the contract. */
export function testReranker(name: string, { create, skip = {}, tolerance }: RerankerSuite): void {
  describe(`contract of Reranker: ${name}`, { timeout: 240_000 }, () => {
    let reranker: Reranker;
    let scores: number[];
    beforeAll(async () => {
      reranker = create();
      scores = await reranker.rerank(query, texts);
    }, 240_000);
    afterAll(() => reranker?.close());

    test('loading tells what runs, and the same again', async () => {
      const info = await reranker.load();
      expect(info.model).not.toBe('');
      expect(await reranker.load()).toEqual(info);
    });

    test('gives one number a text, and the same again', async () => {
      expect(scores).toHaveLength(texts.length);
      expect(scores.every(Number.isFinite)).toBe(true);
      expect(await reranker.rerank(query, texts)).toEqual(scores);
    });

    test('nothing gives nothing; one text, an empty one and a very long one have scores', async () => {
      expect(await reranker.rerank(query, [])).toEqual([]);
      const odd = await reranker.rerank(query, ['', texts[1]!.repeat(200), '<|im_end|> [1] > [2]']);
      expect(odd.every(Number.isFinite)).toBe(true);
      expect(await reranker.rerank(query, [texts[1]!])).toHaveLength(1);
    });

    test.skipIf(skip.alone)(`a text's score is its own${reason(skip.alone)}`, async () => {
      const turned = (await reranker.rerank(query, texts.toReversed())).toReversed();
      const [alone] = await reranker.rerank(query, [texts[1]!]);
      for (const [i, score] of [...turned, alone!].entries()) {
        expect(Math.abs(score - scores[i < texts.length ? i : 1]!)).toBeLessThanOrEqual(tolerance);
      }
    });

    test.skipIf(skip.relevance)(`the text that answers comes first${reason(skip.relevance)}`, () => {
      expect(scores.indexOf(Math.max(...scores))).toBe(1);
    });

    test('calls at once do not mix', async () => {
      const questions = [query, 'Which fruit is yellow?', 'What rusts iron?'];
      const alone: number[][] = [];
      for (const question of questions) alone.push(await reranker.rerank(question, texts));
      expect(await Promise.all(questions.map((question) => reranker.rerank(question, texts)))).toEqual(alone);
    });

    test('an abort ends it, and the next call works', async () => {
      const many = Array.from({ length: 40 }, (_, i) => `${texts[i % texts.length]} ${i}`);
      const controller = new AbortController();
      const running = reranker.rerank(query, many, { signal: controller.signal }).catch((error) => error);
      setTimeout(() => controller.abort(), 20);
      expect(isAbort(await running)).toBe(true);
      const before = await reranker.rerank(query, texts, { signal: AbortSignal.abort() }).catch((error) => error);
      expect(isAbort(before)).toBe(true);
      expect(await reranker.rerank(query, texts)).toEqual(scores);
    });

    test('after close every call is refused', async () => {
      const other = create();
      await other.close();
      await expect(other.rerank(query, texts)).rejects.toMatchObject({ code: 'closed' });
      await expect(other.load()).rejects.toMatchObject({ code: 'closed' });
    });
  });
}

function reason(text: string | undefined): string {
  return text ? ` (skipped: ${text})` : '';
}
