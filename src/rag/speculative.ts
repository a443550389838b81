// Speculative RAG: drafts from different parts of the passages, of which the best supported one is the answer (Wang et al.,
// arXiv:2407.08223; there a large model judges the drafts of a small one, here the passages and the other drafts do).
import { attribute } from '../cite/attribute.ts';
import { evidence, support } from '../cite/evidence.ts';
import { similarities } from '../cite/similarity.ts';
import type { GenerateEvent, Llm } from '../spec/llm.ts';
import type { Hit } from '../spec/store.ts';
import type { AnswerEvent, AskOptions, Retrieval, Strategy, StrategyContext } from '../spec/strategy.ts';
import { withDefaults } from '../util/options.ts';
import { answerFrom } from './answer/answer-from.ts';
import { answerEnds, fitAnswerPrompt, maxAnswerTokens } from './answer/generate.ts';
import { defineStrategy, type StrategyOptions } from './define-strategy.ts';

/** Options of {@link speculative}. */
export interface SpeculativeOptions extends StrategyOptions {
  /** Drafts, each from its own share of the passages; each takes about as long as an answer. 2–5. @default 2 */
  drafts?: number;
}

/** Defaults of {@link SpeculativeOptions}. */
export const speculativeDefaults = { drafts: 2 };

/** Answers several times from different passages and gives the answer that the passages and the other answers support best. */
export function speculative(options: SpeculativeOptions = {}): Strategy {
  const { drafts } = withDefaults(speculativeDefaults, options);
  const name = 'speculative';
  return defineStrategy(
    {
      name,
      // biome-ignore lint/correctness/useYield: there is nothing to tell of a single search.
      async *retrieve(question, { retriever }, { k, filter, signal }) {
        return { question, hits: await retriever.search(question, { k, filter, signal }) };
      },
      async *answer(retrieval, context, ask, texts, watch) {
        const { hits } = retrieval;
        if (hits.length < 2) return yield* answerFrom(retrieval, context, ask, texts, watch);
        // Dealt out in order, so that each share has some of the best.
        const shares = Array.from({ length: Math.min(drafts, hits.length) }, (_, share) =>
          hits.filter((_, place) => place % drafts === share),
        );
        const made: Draft[] = [];
        for (const share of shares) {
          const draft = await draftOf(retrieval, share, context, ask);
          made.push(draft);
          yield told('draft', 'From a share of the passages.', { draft: draft.text, passages: share.map(({ id }) => id) });
        }
        const scores = await judge(retrieval.question, made, hits, context, ask.signal);
        const best = scores.indexOf(Math.max(...scores));
        yield told('judge', 'By their support in the passages, by each other, and by the question.', { scores, best });
        const { share, events } = made[best]!;
        const ordered = [...share, ...hits.filter((hit) => !share.includes(hit))];
        yield* answerFrom({ ...retrieval, hits: ordered }, { ...context, llm: saying(context.llm, events) }, ask, texts, watch);
      },
    },
    options,
  );
  function told(step: string, reason: string, detail: Record<string, unknown>): AnswerEvent {
    return { type: 'step', strategy: name, step, reason, detail };
  }
}

interface Draft {
  share: readonly Hit[];
  text: string;
  events: readonly GenerateEvent[];
}

async function draftOf(
  { question }: Retrieval,
  share: readonly Hit[],
  { llm }: StrategyContext,
  ask: AskOptions,
): Promise<Draft> {
  const { messages } = await fitAnswerPrompt(question, share, llm, ask);
  const { signal, generation } = ask;
  const stop = [...answerEnds, ...(generation?.stop ?? [])];
  const events: GenerateEvent[] = [];
  let text = '';
  for await (const event of llm.generate(messages, { maxTokens: maxAnswerTokens, ...generation, stop, signal })) {
    events.push(event);
    if (event.type === 'token') text += event.text;
  }
  return { share, text, events };
}

/** Support in all passages, agreement with the other drafts, and nearness to the question, 0–1 each, in equal parts. */
async function judge(
  question: string,
  drafts: readonly Draft[],
  hits: readonly Hit[],
  { embedder }: StrategyContext,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const texts = drafts.map(({ text }) => text);
  const claims = texts.map(evidence);
  const nearness = await similarities(question, texts, embedder, { signal });
  const scores: number[] = [];
  for (const [i, text] of texts.entries()) {
    const citations = await attribute(text, hits, { signal });
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
    const others = claims.filter((_, j) => j !== i).map((other) => support(claims[i]!, other));
    scores.push((mean(citations.map(({ score }) => score)) + mean(others) + Math.max(0, nearness[i]!)) / 3);
  }
  return scores;
}

/** A model that says again what it has said. */
function saying(llm: Llm, events: readonly GenerateEvent[]): Llm {
  return {
    ...llm,
    load: (call) => llm.load(call),
    countTokens: (...call) => llm.countTokens(...call),
    close: () => llm.close(),
    async *generate(_messages, { signal } = {}) {
      for (const event of events) {
        signal?.throwIfAborted();
        yield event;
      }
    },
  };
}
