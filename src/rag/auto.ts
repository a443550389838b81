// Adaptive retrieval: one search where the answer stands in one passage, several where it needs more (Adaptive-RAG, Jeong et al.,
// arXiv:2403.14403). A small classifier over the question and its first passages decides, without a chat model.
import type { StepEvent, Strategy, StrategyContext } from '../spec/strategy.ts';
import { withDefaults } from '../util/options.ts';
import { defineStrategy, type RetrieveOptions, type StrategyOptions } from './define-strategy.ts';
import { featuresOf } from './route/features.ts';
import { probabilityOfSeveral } from './route/router.ts';
import { routerWeights } from './route/weights.ts';
import { condensed } from './steps/follow-up.ts';
import { splitQuestion } from './steps/split-question.ts';

/** Options of {@link auto}. */
export interface AutoOptions extends StrategyOptions {
  /** Probability that a question needs several passages from which it is searched for in rounds, 0–1. @default 0.4 */
  several?: number;
}

/** Defaults of {@link AutoOptions}. */
export const autoDefaults = { several: 0.4 };

/** Passages of the first search, which the decision is made from. */
const firstSearch = 20;

/** Chooses by question, and tells why in a `route` step. Other strategies are loaded when they are first needed. */
export function auto(options: AutoOptions = {}): Strategy {
  const { several } = withDefaults(autoDefaults, options);
  const name = 'auto';
  return defineStrategy(
    {
      name,
      async *retrieve(asked, context, ask) {
        const question = yield* condensed(name, asked, ask);
        const { k, filter, signal } = ask;
        const { kind, parts } = splitQuestion(question);
        if (kind !== 'whole') {
          yield routed('rewrite', `The question has ${parts.length} parts.`, {});
          const { rewrite } = await import('./rewrite.ts');
          return yield* delegate(rewrite(), question, context, ask);
        }
        const hits = await context.retriever.search(question, { k: Math.max(firstSearch, k), filter, signal });
        const features = featuresOf(question, hits);
        const probability = probabilityOfSeveral(features, routerWeights);
        if (hits.length > 0 && probability >= several) {
          // Without a graph it is `iterative`.
          yield routed('graph', 'The answer may need several passages, one leading to the other.', { probability, features });
          const { graph } = await import('./graph.ts');
          return yield* delegate(graph(), question, context, ask);
        }
        yield routed('naive', 'One passage may hold the answer.', { probability, features });
        return { question, hits: hits.slice(0, k) };
      },
    },
    options,
  );
  function routed(to: string, reason: string, detail: Record<string, unknown>): StepEvent {
    return { type: 'step', strategy: name, step: 'route', reason, detail: { to, ...detail } };
  }
}

/** Lets another strategy find the passages; the question stands by itself by now. */
function delegate(strategy: Strategy, question: string, context: StrategyContext, { history: _, ...ask }: RetrieveOptions) {
  return strategy.retrieve!(question, context, ask);
}
