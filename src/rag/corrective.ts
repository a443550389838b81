// Corrective RAG: what was found is judged, and searched for again in other ways where it may not do (Yan et al., arXiv:2401.15884).
import type { Hit } from '../spec/store.ts';
import type { StepEvent, Strategy } from '../spec/strategy.ts';
import { withDefaults } from '../util/options.ts';
import { defineStrategy, type StrategyOptions } from './define-strategy.ts';
import { ruleVariants } from './fusion.ts';
import { condensed } from './steps/follow-up.ts';
import { fuseScores } from './steps/fuse-scores.ts';
import { relevance } from './steps/relevance.ts';
import { strips } from './steps/strips.ts';

/** Options of {@link corrective}. */
export interface CorrectiveOptions extends StrategyOptions {
  /** From this confidence on the passages are used as they are, 0–1. @default 0.75 */
  upper?: number;
  /** Below it what was found first is dropped for what other searches find, 0–1. @default 0.4 */
  lower?: number;
  /** Sentences that are kept of a passage, in a row; 0: all of it. @default 0 */
  sentences?: number;
}

/** Defaults of {@link CorrectiveOptions}. */
export const correctiveDefaults = { upper: 0.75, lower: 0.4, sentences: 0 };

/** Judges the passages; `confidence` of the retrieval says how they were judged in the end. */
export function corrective(options: CorrectiveOptions = {}): Strategy {
  const { upper, lower, sentences } = withDefaults(correctiveDefaults, options);
  const name = 'corrective';
  return defineStrategy(
    {
      name,
      async *retrieve(asked, { retriever, embedder }, ask) {
        const question = yield* condensed(name, asked, ask);
        const { k, filter, signal } = ask;
        let hits: Hit[] = await retriever.search(question, { k, filter, signal });
        let confidence = relevance(question, hits);
        yield judged(
          confidence,
          confidence >= upper ? 'The passages will do.' : 'The passages may not do: searches in other ways.',
        );
        const others = confidence < upper ? ruleVariants(question) : [];
        if (others.length > 0) {
          const found = await retriever.search(others, { k, filter, signal });
          const first = confidence < lower ? [] : [{ hits, weight: 1 }];
          const wide = fuseScores([...first, ...found.map((hits) => ({ hits, weight: 0.3 }))]).slice(0, k);
          const again = relevance(question, wide);
          // Another search is not always a better one.
          if (again > confidence) [hits, confidence] = [wide, again];
          yield judged(
            confidence,
            hits === wide ? 'Other searches found better passages.' : 'Other searches found nothing better.',
          );
        }
        if (sentences > 0) hits = await strips(question, hits, embedder, { sentences, signal });
        return { question, hits, confidence };
      },
    },
    options,
  );
  function judged(confidence: number, reason: string): StepEvent {
    return { type: 'step', strategy: name, step: 'judge', reason, detail: { confidence } };
  }
}
