// RQ-RAG: the question is rewritten, taken apart or made clear before the search (Chan et al., arXiv:2404.00610).
import type { Strategy } from '../spec/strategy.ts';
import { withDefaults } from '../util/options.ts';
import { defineStrategy, type StrategyOptions } from './define-strategy.ts';
import { draft, linesOf } from './steps/draft.ts';
import { condensed } from './steps/follow-up.ts';
import { fuseScores } from './steps/fuse-scores.ts';
import { splitQuestion } from './steps/split-question.ts';

/** Options of {@link rewrite}. */
export interface RewriteOptions extends StrategyOptions {
  /**
   * Who takes the question apart: rules, for questions asked at once and comparisons, or the chat model, for anything, if it is able
   * to. @default 'rules'
   */
  by?: 'rules' | 'llm';
}

/** Defaults of {@link RewriteOptions}. */
export const rewriteDefaults = { by: 'rules' } as const;

const instruction =
  "Split the user's question into the simple questions that must be answered first, in its language, one a line, four at most. " +
  'Repeat a question that is simple already. Write nothing else.';

/** Most parts that a question is taken into. */
const mostParts = 4;

/** What a part counts against the whole question. */
const partWeight = 0.5;

/** Searches for each part of a question, so that each has its passages among those found. */
export function rewrite(options: RewriteOptions = {}): Strategy {
  const { by } = withDefaults(rewriteDefaults, options);
  const name = 'rewrite';
  return defineStrategy(
    {
      name,
      async *retrieve(asked, { llm, retriever }, ask) {
        const question = yield* condensed(name, asked, ask);
        const { k, filter, signal } = ask;
        const { kind, parts } =
          by === 'rules'
            ? splitQuestion(question)
            : {
                kind: 'questions',
                parts: linesOf(await draft(llm, { instruction, question, maxTokens: 120 }, ask), mostParts),
              };
        if (kind === 'whole' || parts.length < 2) {
          return { question, hits: await retriever.search(question, { k, filter, signal }) };
        }
        yield {
          type: 'step',
          strategy: name,
          step: 'rewrite',
          reason:
            kind === 'comparison' ? 'The things that are compared are searched for one by one.' : 'Several things are asked.',
          detail: { queries: parts },
        };
        const rankings = await retriever.search([question, ...parts], { k: Math.max(10, k), filter, signal });
        const weights = rankings.map((_, i) => (i === 0 ? 1 : partWeight));
        const hits = fuseScores(rankings.map((hits, i) => ({ hits, weight: weights[i]! })));
        // The best for the whole stays first. Where there is room, each part has its best passage among those found.
        const best = new Set(rankings.slice(0, k).flatMap(([hit]) => (hit ? [hit.id] : [])));
        const others = hits.filter(({ id }) => !best.has(id)).slice(0, k - best.size);
        const [first] = rankings[0]!;
        const ordered = hits.filter((hit) => hit.id !== first?.id && (best.has(hit.id) || others.includes(hit)));
        return { question, hits: first ? [hits.find(({ id }) => id === first.id)!, ...ordered] : ordered };
      },
    },
    options,
  );
}
