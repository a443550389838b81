// Semantic cache: what was answered before is given again, as long as its sources have not changed.
import type { Llm } from '../spec/llm.ts';
import type { AnswerCacheOptions, AnswerEvent, AskOptions, Strategy, StrategyContext } from '../spec/strategy.ts';
import { withDefaults } from '../util/options.ts';
import { Stopwatch } from './answer/stopwatch.ts';
import { AnswerCache, type Answered, type CachedAnswer, sourcesStand, versionsOf } from './cache/answer-cache.ts';
import { defaultK } from './define-strategy.ts';

/** Defaults of {@link AnswerCacheOptions}. */
export const cacheDefaults = { minCosine: 0.9, maxEntries: 200 };

/**
 * Keeps the answers of a strategy, by chat model, for as long as the object lives. A question is given an earlier answer only if it is near it in
 * meaning, has the same numbers, names and negation, no word changed for another, and the same options and earlier turns; and only
 * while the earlier question finds the same passages and the answer's sources read the same. Abstentions are not kept.
 */
export function cached(strategy: Strategy, options: AnswerCacheOptions = {}): Strategy {
  const { minCosine, maxEntries } = withDefaults(cacheDefaults, options);
  const caches = new WeakMap<Llm, AnswerCache>();
  const cacheOf = ({ llm }: StrategyContext) => {
    const cache = caches.get(llm) ?? new AnswerCache(maxEntries);
    caches.set(llm, cache);
    return cache;
  };
  return {
    name: strategy.name,
    ...(strategy.needs && { needs: strategy.needs }),
    ...(strategy.retrieve && { retrieve: (...call) => strategy.retrieve!(...call) }),
    async *answer(question, context, ask = {}) {
      const { signal } = ask;
      const cache = cacheOf(context);
      const watch = new Stopwatch();
      const vector = (await context.embedder.embed([question], { kind: 'query', signal })).data;
      const key = keyOf(ask);
      const near = cache.find(question, vector, key, minCosine);
      if (near) {
        const good = await stands(near.answer, context, ask);
        cache.touch(near.answer, good);
        if (good) {
          yield* again(near, watch, signal);
          return;
        }
      }
      let used = 0;
      let done: Answered | undefined;
      for await (const event of strategy.answer(question, context, ask)) {
        if (event.type === 'retrieval') used = event.used;
        if (event.type === 'done') done = event;
        else yield event;
      }
      if (done?.reason === 'stop') {
        const found = await foundBy(question, context, ask);
        cache.keep({ question, vector, options: key, found, done, used });
      }
      if (done) yield done;
    },
  };
}

/** What an answer depends on besides the question. */
function keyOf({ signal: _, ...ask }: AskOptions): string {
  return JSON.stringify(ask);
}

async function foundBy(
  question: string,
  { retriever }: StrategyContext,
  { k = defaultK, filter, signal }: AskOptions,
): Promise<string[]> {
  return versionsOf(await retriever.search(question, { k, filter, signal }));
}

async function stands({ question, found, done }: CachedAnswer, context: StrategyContext, ask: AskOptions): Promise<boolean> {
  const now = await foundBy(question, context, ask);
  const same = now.length === found.length && now.every((version, i) => version === found[i]);
  return same && sourcesStand(done, context, ask.signal);
}

function* again(
  { answer: { question, done, used }, cosine }: { answer: CachedAnswer; cosine: number },
  watch: Stopwatch,
  signal: AbortSignal | undefined,
): Generator<AnswerEvent> {
  yield {
    type: 'step',
    strategy: 'cached',
    step: 'cache',
    reason: 'The same was asked before, and its sources have not changed.',
    detail: { question, cosine },
  };
  watch.retrieved();
  yield { type: 'retrieval', hits: done.hits, used };
  signal?.throwIfAborted();
  watch.firstToken();
  yield { type: 'token', text: done.answer };
  for (const citation of done.citations) yield { type: 'citation', citation };
  const usage = { promptTokens: 0, completionTokens: 0 };
  yield { ...done, method: 'cached', timings: watch.finished(), usage };
}
