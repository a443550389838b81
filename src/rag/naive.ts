// Naive RAG: retrieve, put the passages in front of the question, generate, check every sentence against the passages.
import { attribute } from '../cite/attribute.ts';
import { answerPrompt } from '../prompt/answer-prompt.ts';
import { fitPrompt } from '../prompt/fit.ts';
import type { LlmInfo, Usage } from '../spec/llm.ts';
import type { AnswerEvent, AskOptions, Strategy } from '../spec/strategy.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';

/** Defaults of {@link AskOptions} for the naive strategy. */
export const naiveDefaults = { k: 4, minScore: 0.25, maxTokens: 160 };

/** What is said when nothing relevant was found. */
export const nothingFound = 'I found nothing about this in the documents.';

/**
 * Tokens that a prompt may use: what the device computes in a few seconds, which is far below what the model could take.
 * A WASM core reads about 150 tokens a second with a model of 135M parameters, an emulated GPU a tenth of that.
 */
function promptBudget({ device, software, contextTokens }: LlmInfo, maxTokens: number): number {
  const affordable = software ? 320 : device === 'webgpu' ? 3000 : 1000;
  return Math.min(affordable, contextTokens - maxTokens);
}

/** Retrieve once, answer once. */
export function naive(): Strategy {
  return {
    name: 'naive',
    async *answer(question, { llm, embedder, retriever }, options: AskOptions = {}): AsyncGenerator<AnswerEvent> {
      const { k, minScore } = withDefaults(naiveDefaults, options);
      const maxTokens = options.generation?.maxTokens ?? naiveDefaults.maxTokens;
      const { signal, filter, history, generation } = options;
      if (!Number.isInteger(k) || k < 1 || k > 50) {
        throw new InpageError('invalid-argument', `k is ${k}; it must be a whole number from 1 to 50.`, { detail: { k } });
      }
      const started = performance.now();
      const hits = await retriever.search(question, { k, filter, signal });
      const retrievalMs = performance.now() - started;
      const relevant = hits.filter(({ score }) => score >= minScore);
      const timings = { retrievalMs, firstTokenMs: 0, prefillMs: 0, decodeMs: 0, citationMs: 0, totalMs: 0 };

      if (relevant.length === 0) {
        yield { type: 'retrieval', hits, used: 0 };
        yield { type: 'token', text: nothingFound };
        const totalMs = performance.now() - started;
        const usage = { promptTokens: 0, completionTokens: 0 };
        const end = { hits, citations: [], timings: { ...timings, firstTokenMs: totalMs, totalMs }, usage };
        yield { type: 'done', answer: nothingFound, reason: 'abstained', ...end };
        return;
      }

      const info = await llm.load({ signal });
      const budget = options.promptTokens ?? promptBudget(info, maxTokens);
      const build = (sources: Parameters<typeof answerPrompt>[1]) => answerPrompt(question, sources, history);
      const { messages, used } = await fitPrompt(llm, build, relevant, budget, { signal });
      yield { type: 'retrieval', hits, used };

      let answer = '';
      let reason: 'stop' | 'length' = 'stop';
      let usage: Usage = { promptTokens: 0, completionTokens: 0 };
      for await (const event of llm.generate(messages, { ...generation, maxTokens, signal })) {
        if (event.type === 'token') {
          timings.firstTokenMs ||= performance.now() - started;
          answer += event.text;
          yield event;
        } else {
          ({ reason, usage } = event);
          Object.assign(timings, event.timings);
        }
      }

      const checked = performance.now();
      const citations = await attribute(answer, relevant.slice(0, used), { embedder, signal });
      for (const citation of citations) yield { type: 'citation', citation };
      const now = performance.now();
      timings.citationMs = now - checked;
      timings.totalMs = now - started;
      yield { type: 'done', answer, reason, hits, citations, timings, usage };
    },
  };
}
