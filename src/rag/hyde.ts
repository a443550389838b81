// HyDE: passages near to an answer that the chat model makes up are found by meaning (Gao et al., arXiv:2212.10496).
import type { Strategy } from '../spec/strategy.ts';
import { withDefaults } from '../util/options.ts';
import { defineStrategy, type StrategyOptions } from './define-strategy.ts';
import { draft } from './steps/draft.ts';
import { condensed } from './steps/follow-up.ts';
import { fuseScores } from './steps/fuse-scores.ts';

/** Options of {@link hyde}. */
export interface HydeOptions extends StrategyOptions {
  /** Answers that are made up; each takes a few seconds with a small model on a CPU. 1–8. @default 1 */
  drafts?: number;
  /** Tokens of each. @default 64 */
  maxTokens?: number;
  /** What the drafts count together against the question itself, 0 and more. @default 0.5 */
  weight?: number;
}

/** Defaults of {@link HydeOptions}. */
export const hydeDefaults = { drafts: 1, maxTokens: 64, weight: 0.5 };

const instruction =
  'Write a short passage, two sentences at most, that answers the question, as it might stand in a reference work. Write in the language of the question.';

/** Searches for made-up answers beside the question. What is made up is never shown, nor answered from. */
export function hyde(options: HydeOptions = {}): Strategy {
  const { drafts, maxTokens, weight } = withDefaults(hydeDefaults, options);
  const name = 'hyde';
  return defineStrategy(
    {
      name,
      async *retrieve(asked, { llm, retriever }, ask) {
        const question = yield* condensed(name, asked, ask);
        const { k, filter, signal } = ask;
        const made: string[] = [];
        for (let seed = 1; seed <= drafts; seed++) {
          const text = await draft(llm, { instruction, question, maxTokens, ...(drafts > 1 && { seed }) }, ask);
          if (text !== '') made.push(text);
        }
        yield {
          type: 'step',
          strategy: name,
          step: 'expand',
          reason: 'Passages near to a made-up answer are looked for too.',
          detail: { drafts: made },
        };
        const depth = Math.min(1000, Math.max(100, k));
        const first = await retriever.search(question, { k: depth, filter, signal });
        // The mean of the drafts' cosines is the cosine of their mean, but for its length.
        const near = made.length > 0 ? await retriever.search(made, { k: depth, mode: 'dense', filter, signal }) : [];
        const share = weight / (made.length || 1);
        const hits = fuseScores([{ hits: first, weight: 1 }, ...near.map((hits) => ({ hits, weight: share }))]);
        return { question, hits: hits.slice(0, k) };
      },
    },
    options,
  );
}
