// RAG-Fusion: the question is asked in several ways, and what they find becomes one ranking (Rackauckas, arXiv:2402.03367).
import type { Strategy } from '../spec/strategy.ts';
import { withDefaults } from '../util/options.ts';
import { defineStrategy, type StrategyOptions } from './define-strategy.ts';
import { mergeRankings } from './merge-rankings.ts';
import { contentWords } from './steps/content-words.ts';
import { draft, linesOf } from './steps/draft.ts';
import { condensed } from './steps/follow-up.ts';
import { fuseScores } from './steps/fuse-scores.ts';
import { namesInQuestion } from './steps/names.ts';

/** Options of {@link fusion}. */
export interface FusionOptions extends StrategyOptions {
  /** Who finds other words for the question: rules, which take it apart, or the chat model, which must be able to. @default 'rules' */
  variants?: 'rules' | 'llm';
  /** Ways to ask besides the question itself, 1–8. @default 3 */
  count?: number;
  /** How the rankings become one: by scores, or by reciprocal ranks as published. @default 'scores' */
  method?: 'scores' | 'rrf';
}

/** Defaults of {@link FusionOptions}. */
export const fusionDefaults = { variants: 'rules', count: 3, method: 'scores' } as const;

/** What a variant counts against the question itself. */
const variantWeight = 0.3;

/** Passages of each ranking, for each that is asked for. */
const depth = 5;

/** Asks in several ways. */
export function fusion(options: FusionOptions = {}): Strategy {
  const { variants, count, method } = withDefaults(fusionDefaults, options);
  const name = 'fusion';
  return defineStrategy(
    {
      name,
      async *retrieve(asked, { retriever, llm }, ask) {
        const question = yield* condensed(name, asked, ask);
        const { k, filter, signal } = ask;
        const others = variants === 'llm' ? await written(question, count) : ruleVariants(question).slice(0, count);
        yield {
          type: 'step',
          strategy: name,
          step: 'rewrite',
          reason: `The question is asked in ${others.length + 1} ways.`,
          detail: { queries: [question, ...others] },
        };
        const rankings = await retriever.search([question, ...others], { k: Math.min(50, k * depth), filter, signal });
        const hits =
          method === 'rrf'
            ? mergeRankings(rankings)
            : fuseScores(rankings.map((hits, i) => ({ hits, weight: i === 0 ? 1 : variantWeight })));
        return { question, hits: hits.slice(0, k) };

        async function written(question: string, count: number): Promise<string[]> {
          const instruction = `Write ${count} other ways to ask the user's question, in its language, one a line. Write nothing else.`;
          return linesOf(await draft(llm, { instruction, question, maxTokens: 40 * count }, ask), count);
        }
      },
    },
    options,
  );
}

/** Ways to ask that differ from the question: its content words alone, its names, and the rest. */
export function ruleVariants(question: string): string[] {
  const words = contentWords(question);
  const names = namesInQuestion(question);
  const named = new Set(names.flatMap((part) => contentWords(part).map(({ term }) => term)));
  const say = (part: typeof words) => part.map(({ word }) => word).join(' ');
  const candidates = [say(words), names.join(' '), say(words.filter(({ term }) => !named.has(term)))];
  return [...new Set(candidates)].filter((text) => text !== '' && text !== question);
}
