// Naive RAG: retrieve, put the passages in front of the question, generate, check every sentence against the passages.
// Where nothing that the model said is supported, the nearest sentence of the passages is added, word for word.
import { attribute } from '../cite/attribute.ts';
import { closestSentence, type Quote } from '../cite/closest-sentence.ts';
import { answerPrompt } from '../prompt/answer-prompt.ts';
import { fitPrompt } from '../prompt/fit.ts';
import type { Citation } from '../spec/citation.ts';
import type { LlmInfo, Usage } from '../spec/llm.ts';
import type { AnswerEvent, AnswerTimings, AskOptions, Strategy, StrategyContext } from '../spec/strategy.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { repetitionStart } from './repetition.ts';

/** Options of {@link naive}: what is said in place of the model, in the page's language. */
export interface NaiveOptions {
  /** @default 'I found nothing about this in the documents.' */
  nothingFound?: string;
  /** In front of a quote that is added because nothing the model said is supported. @default 'The documents say:' */
  quoteLead?: string;
}

/** Defaults of {@link NaiveOptions} and of {@link AskOptions} for this strategy. */
export const naiveDefaults = {
  nothingFound: 'I found nothing about this in the documents.',
  quoteLead: 'The documents say:',
  k: 4,
  minScore: 0.2,
  maxTokens: 160,
};

/**
 * Tokens that a prompt may use: what the device reads in a few seconds, far less than the model could take.
 * A WASM core reads about 100 tokens a second with a model of 135M parameters, which also answers best from few passages.
 */
function promptBudget({ device, software, contextTokens }: LlmInfo, maxTokens: number): number {
  const affordable = device === 'wasm' || software ? 300 : 3000;
  return Math.min(affordable, contextTokens - maxTokens);
}

/** Where a small model leaves its answer and goes on with a prompt, or a page, of its own. */
const ends = ['<source', '</source', '<script', '</script', '\nQuestion:'];

/** Retrieve once, answer once. */
export function naive(options: NaiveOptions = {}): Strategy {
  const { nothingFound, quoteLead } = withDefaults(naiveDefaults, options);
  return {
    name: 'naive',
    async *answer(question, context, ask = {}) {
      const { k, minScore } = withDefaults(naiveDefaults, ask);
      const { signal, filter } = ask;
      if (!Number.isInteger(k) || k < 1 || k > 50) {
        throw new InpageError('invalid-argument', `k is ${k}; it must be a whole number from 1 to 50.`, { detail: { k } });
      }
      const started = performance.now();
      const timings = { retrievalMs: 0, firstTokenMs: 0, prefillMs: 0, decodeMs: 0, citationMs: 0, totalMs: 0 };
      const hits = await context.retriever.search(question, { k, filter, signal });
      timings.retrievalMs = performance.now() - started;
      const relevant = hits.filter(({ scores, score }) => (scores.dense ?? score) >= minScore);

      if (relevant.length === 0) {
        yield { type: 'retrieval', hits, used: 0 };
        yield { type: 'token', text: nothingFound };
        timings.totalMs = timings.firstTokenMs = performance.now() - started;
        const usage = { promptTokens: 0, completionTokens: 0 };
        yield { type: 'done', answer: nothingFound, reason: 'abstained', hits, citations: [], timings, usage };
        return;
      }

      const { messages, used } = await buildPrompt(question, relevant, context, ask);
      yield { type: 'retrieval', hits, used };

      const generated = yield* generate(messages, context, ask, timings, started);
      let { answer } = generated;
      const checked = performance.now();
      const sources = relevant.slice(0, used);
      const citations = await attribute(answer, sources, { embedder: context.embedder, signal });
      if (!citations.some(({ supported }) => supported)) {
        const quote = await closestSentence(question, relevant, context.embedder, { signal });
        if (quote) {
          const lead = `${answer.trim() && '\n\n'}${quoteLead} `;
          timings.firstTokenMs ||= performance.now() - started;
          yield { type: 'token', text: `${lead}${quote.quote}` };
          citations.push(quoted(quote, answer.length + lead.length));
          answer += `${lead}${quote.quote}`;
        }
      }
      for (const citation of citations) yield { type: 'citation', citation };
      const now = performance.now();
      timings.citationMs = now - checked;
      timings.totalMs = now - started;
      yield { type: 'done', ...generated, answer, hits, citations, timings };
    },
  };
}

function quoted({ quote, ...rest }: Quote, answerStart: number): Citation {
  return { answerStart, answerEnd: answerStart + quote.length, sentence: quote, supported: true, quote, ...rest };
}

async function buildPrompt(
  question: string,
  relevant: Parameters<typeof answerPrompt>[1],
  { llm }: StrategyContext,
  { signal, history, promptTokens, generation }: AskOptions,
) {
  const info = await llm.load({ signal });
  const budget = promptTokens ?? promptBudget(info, generation?.maxTokens ?? naiveDefaults.maxTokens);
  return fitPrompt(llm, (sources) => answerPrompt(question, sources, history), relevant, budget, { signal });
}

/** Streams the model's answer, up to where it begins to repeat itself or to write a source of its own. */
async function* generate(
  messages: Parameters<StrategyContext['llm']['generate']>[0],
  { llm }: StrategyContext,
  { signal, generation }: AskOptions,
  timings: AnswerTimings,
  started: number,
): AsyncGenerator<AnswerEvent, { answer: string; reason: 'stop' | 'length'; usage: Usage }> {
  let answer = '';
  let completionTokens = 0;
  const stop = [...ends, ...(generation?.stop ?? [])];
  const settings = { maxTokens: naiveDefaults.maxTokens, ...generation, stop, signal };
  for await (const event of llm.generate(messages, settings)) {
    if (event.type === 'done') {
      Object.assign(timings, event.timings);
      return { answer, reason: event.reason, usage: event.usage };
    }
    if (event.type === 'partial') continue;
    timings.firstTokenMs ||= performance.now() - started;
    answer += event.text;
    completionTokens++;
    yield event;
    const cut = repetitionStart(answer);
    if (cut !== undefined) {
      timings.prefillMs = timings.firstTokenMs - timings.retrievalMs;
      timings.decodeMs = performance.now() - started - timings.firstTokenMs;
      const promptTokens = await llm.countTokens(messages, { signal });
      return { answer: answer.slice(0, cut), reason: 'stop', usage: { promptTokens, completionTokens } };
    }
  }
  return { answer, reason: 'stop', usage: { promptTokens: 0, completionTokens } };
}
