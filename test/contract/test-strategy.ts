// Contract of `Strategy`: every built-in one runs it, over the real index; the models are stand-ins, so that only its own logic is tested.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TextSource } from '../../src/spec/document.ts';
import type { AnswerEvent, AskOptions, Retrieval, StepEvent, Strategy, StrategyContext } from '../../src/spec/strategy.ts';
import { isAbort } from '../../src/util/errors.ts';
import { openScene, type Scene } from '../support/strategy-scene.ts';

/** How a strategy takes part. */
export interface StrategySuite {
  create(): Strategy | Promise<Strategy>;
  /** Adds what the strategy needs besides models and retriever. */
  prepare?(scene: Scene): StrategyContext | Promise<StrategyContext>;
  /** What is left out, and why. */
  skip?: Partial<Record<'retrieve' | 'model', string>>;
}

export const lampDocuments: readonly TextSource[] = [
  {
    id: 'manual',
    title: 'Harbor lamp manual',
    text: 'The Harbor lamp weighs 300 grams. Hold the round button for ten seconds to reset the lamp.\n\nThe lamp must not be used under water. Its battery lasts nine hours.',
  },
  {
    id: 'history',
    title: 'Nordlys Works',
    text: 'Nordlys Works makes the Harbor lamp. The company was founded in Bergen in 1952 by Ingrid Dahl.\n\nIngrid Dahl also designed the Fjord lantern.',
  },
  { id: 'garden', title: 'Garden', text: 'Tulips are planted in autumn. Water the roses twice a week in summer.' },
];

const worldDocuments: readonly TextSource[] = [
  { id: 'zh', title: '说明书', text: '这盏灯重三百克。按住按钮十秒钟可以重置。电池可以使用九个小时。' },
  {
    id: 'de',
    title: 'Anleitung',
    text: 'Die Lampe wiegt 300 Gramm. Zum Zurücksetzen halten Sie den Knopf zehn Sekunden lang gedrückt.',
  },
  { id: 'ar', title: 'دليل', text: 'يزن المصباح 300 غرام. اضغط على الزر لمدة عشر ثوانٍ لإعادة الضبط.' },
];

/** All events of an answer. */
export async function eventsOf(strategy: Strategy, question: string, context: StrategyContext, options?: AskOptions) {
  const events: AnswerEvent[] = [];
  for await (const event of strategy.answer(question, context, options)) events.push(event);
  const done = events.at(-1)!;
  if (done.type !== 'done') throw new Error('no end');
  return { events, done };
}

/** What a strategy retrieves, and its steps. */
export async function retrievalOf(strategy: Strategy, question: string, context: StrategyContext, options?: AskOptions) {
  const steps: StepEvent[] = [];
  const run = strategy.retrieve!(question, context, options);
  for (;;) {
    const { done, value } = await run.next();
    if (done) return { steps, retrieval: value as Retrieval };
    steps.push(value);
  }
}

/** Runs the contract. */
export function testStrategy(name: string, { create, prepare = ({ context }) => context, skip = {} }: StrategySuite): void {
  describe(`contract of Strategy: ${name}`, () => {
    let strategy: Strategy;
    let context: StrategyContext;
    let world: StrategyContext;
    let empty: StrategyContext;
    const scenes: Scene[] = [];
    const open = async (documents: readonly TextSource[]) => {
      const scene = await openScene(documents, { llm: { reply: 'The Harbor lamp weighs 300 grams.' } });
      scenes.push(scene);
      return prepare(scene);
    };
    beforeAll(async () => {
      strategy = await create();
      context = await open(lampDocuments);
      world = await open(worldDocuments);
      empty = await open([]);
    });
    afterAll(async () => {
      for (const { store } of scenes) await store.close();
    });

    /** The order of events, what they add up to, and that no quote is shown that is not in its source. */
    async function whole(question: string, where: StrategyContext, options?: AskOptions) {
      const { events, done } = await eventsOf(strategy, question, where, options);
      expect(events.filter(({ type }) => type === 'done')).toHaveLength(1);
      expect(events.some(({ type }) => type === 'retrieval')).toBe(true);
      const streamed = events.map((event) => (event.type === 'token' ? event.text : '')).join('');
      if (done.reason === 'abstained') {
        expect(done.abstention).toMatchObject({ confidence: expect.any(Number), closest: expect.any(Array) });
        expect(streamed).toBe(done.answer);
      }
      expect(streamed.startsWith(done.answer)).toBe(true);
      const told = events.flatMap((event) => (event.type === 'citation' ? [event.citation] : []));
      expect(told).toEqual(done.citations);
      for (const { answerStart, answerEnd, sentence, supported, document, start, end, quote } of done.citations) {
        expect(done.answer.slice(answerStart, answerEnd)).toBe(sentence);
        if (supported) expect(await where.retriever.text(document!, { start, end })).toBe(quote);
      }
      for (const step of events) if (step.type === 'step') expect(structuredClone(step)).toEqual(step);
      return done;
    }

    test('answers with citations, and events in their order', async () => {
      const done = await whole('How heavy is the Harbor lamp?', context);
      expect(done.reason).not.toBe('abstained');
      expect(done.answer).toContain('300');
      expect(done.citations.some(({ supported, document }) => supported && document === 'manual')).toBe(true);
      expect(done.timings.totalMs).toBeGreaterThan(0);
    });

    test.skipIf(skip.retrieve)('retrieves without answering, k passages at most, in one order each time', async () => {
      for (const k of [1, 3]) {
        const { retrieval } = await retrievalOf(strategy, 'How heavy is the Harbor lamp?', context, { k });
        expect(retrieval.hits.length).toBeGreaterThan(0);
        expect(retrieval.hits.length).toBeLessThanOrEqual(k);
        expect(new Set(retrieval.hits.map(({ id }) => id)).size).toBe(retrieval.hits.length);
        expect(retrieval.hits[0]!.document).toBe('manual');
        const again = await retrievalOf(strategy, 'How heavy is the Harbor lamp?', context, { k });
        expect(again.retrieval).toEqual(retrieval);
      }
    });

    test.skipIf(skip.retrieve)('keeps to the filter', async () => {
      const options = { filter: { id: { $ne: 'manual' } }, k: 10 };
      const { retrieval } = await retrievalOf(strategy, 'How heavy is the Harbor lamp?', context, options);
      expect(retrieval.hits.map(({ document }) => document)).not.toContain('manual');
    });

    test('an empty collection is an abstention', async () => {
      const done = await whole('How heavy is the Harbor lamp?', empty);
      expect(done).toMatchObject({ reason: 'abstained', citations: [], abstention: { reason: 'empty', closest: [] } });
    });

    test('a question of one word, of ten thousand characters, and of no words', async () => {
      await whole('lamp', context);
      await whole('???', context);
      const long = `How heavy is the Harbor lamp${', and the round button of it'.repeat(370)}?`;
      expect(long.length).toBeGreaterThan(10_000);
      // A model that cannot take it says so with a typed error.
      await whole(long, context, { promptTokens: 6000 });
    });

    test('documents in Chinese, German and Arabic', async () => {
      for (const [question, document] of [
        ['这盏灯有多重？', 'zh'],
        ['Wie viel Gramm wiegt die Lampe?', 'de'],
        ['كم يزن المصباح؟', 'ar'],
      ] as const) {
        await whole(question, world);
        if (skip.retrieve) continue;
        const { retrieval } = await retrievalOf(strategy, question, world, { k: 1 });
        expect(retrieval.hits[0]?.document).toBe(document);
      }
    });

    test('earlier turns are taken in', async () => {
      const history = [
        { role: 'user', content: 'Who makes the Harbor lamp?' },
        { role: 'assistant', content: 'Nordlys Works makes the Harbor lamp.' },
      ] as const;
      await whole('How heavy is it?', context, { history });
    });

    test('k is checked', async () => {
      for (const k of [0, 51, 1.5]) {
        await expect(eventsOf(strategy, 'Why?', context, { k })).rejects.toMatchObject({ code: 'invalid-argument' });
      }
    });

    test('an abort before, and one after each event, ends it at once', async () => {
      const gone = AbortSignal.abort();
      expect(await eventsOf(strategy, 'How heavy is it?', context, { signal: gone }).catch(isAbort)).toBe(true);
      const { events } = await eventsOf(strategy, 'How heavy is the Harbor lamp?', context);
      for (let at = 0; at < Math.min(events.length - 1, 6); at++) {
        const controller = new AbortController();
        let seen = 0;
        let ended: unknown;
        try {
          for await (const event of strategy.answer('How heavy is the Harbor lamp?', context, { signal: controller.signal })) {
            if (seen++ === at) controller.abort();
            // What was decided already may still be told.
            if (controller.signal.aborted && seen > at + 1) expect(event.type).not.toBe('token');
          }
        } catch (error) {
          ended = error;
        }
        expect(ended === undefined || isAbort(ended)).toBe(true);
      }
    });

    test.skipIf(skip.model)('a failure of the model reaches the caller as it is', async () => {
      const reply = () => {
        throw new Error('no model');
      };
      const scene = await openScene(lampDocuments, { llm: { reply } });
      scenes.push(scene);
      const failing = eventsOf(strategy, 'How heavy is the Harbor lamp?', await prepare(scene));
      await expect(failing).rejects.toThrow('no model');
    });
  });
}
