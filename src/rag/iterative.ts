// Iterative retrieval in two rounds: the second searches for what the best passages of the first bring in and leave open. With a chat
// model's draft of the answer in the second round it is ITER-RETGEN (Shao et al., arXiv:2305.15294).
import type { Hit } from '../spec/store.ts';
import type { Strategy, StrategyContext } from '../spec/strategy.ts';
import { withDefaults } from '../util/options.ts';
import { defineStrategy, type RetrieveOptions, type StrategyOptions } from './define-strategy.ts';
import { draft } from './steps/draft.ts';
import { condensed } from './steps/follow-up.ts';
import { inOrder } from './steps/fuse-scores.ts';
import { continues, type Hop, hopsFrom } from './steps/hop.ts';
import { nameSeeds } from './steps/seeds.ts';

/** Options of {@link iterative}. */
export interface IterativeOptions extends StrategyOptions {
  /** Passages of the first round that the second goes on from. @default 5 */
  seeds?: number;
  /** What the second round counts against the first, 0 and more. @default 0.5 */
  weight?: number;
  /** Whether the chat model drafts an answer after the first round, which is searched for too. @default false */
  draft?: boolean;
}

/** Defaults of {@link IterativeOptions}. */
export const iterativeDefaults = { seeds: 5, weight: 0.5, draft: false };

/** Passages of the first round, passages for each name of the question, and passages for each search of the second. */
const [firstRound, perName, perHop] = [50, 2, 8];

/** What a passage for a name of the question counts beside its score in the first round. */
const seedShare = 0.3;

/** Finds passages that answer a question only together. */
export function iterative(options: IterativeOptions = {}): Strategy {
  const { seeds, weight, draft: drafting } = withDefaults(iterativeDefaults, options);
  const name = 'iterative';
  return defineStrategy(
    {
      name,
      async *retrieve(asked, context, ask) {
        const question = yield* condensed(name, asked, ask);
        const { k, filter, signal } = ask;
        const found = new Map<string, Hit>();
        for (const hit of await context.retriever.search(question, { k: Math.max(firstRound, k), filter, signal })) {
          found.set(hit.id, hit);
        }
        const starts = inOrder([...found.values()]).slice(0, seeds);
        for (const hit of await nameSeeds(question, context, { k: perName, filter, signal })) {
          const before = found.get(hit.id);
          const score = Math.max(before?.score ?? 0, hit.score + seedShare * (before?.score ?? 0));
          if (!starts.some(({ id }) => id === hit.id)) starts.push({ ...hit, score: 0.4 + 0.5 * (before?.score ?? 0) });
          found.set(hit.id, { ...(before ?? hit), score });
        }
        const hops = hopsFrom(question, starts);
        if (drafting) await addDraft(question, starts, hops, context, ask);
        yield {
          type: 'step',
          strategy: name,
          step: 'search',
          reason:
            hops.length > 0
              ? 'Searches for what the passages found bring in, with what they leave open.'
              : 'The passages found bring in no name to go on from.',
          detail: { queries: hops.map(({ query }) => query) },
        };
        addRound(found, await follow(hops, context, ask), weight);
        // What answers the question by itself stays first: the second round is no better than what it went on from.
        const [best] = starts;
        const hits = inOrder([...found.values()]).filter(({ id }) => id !== best?.id);
        return { question, hits: best ? [found.get(best.id)!, ...hits].slice(0, k) : [] };
      },
    },
    options,
  );
}

/** A draft of the answer takes the place of a name. */
async function addDraft(
  question: string,
  starts: readonly Hit[],
  hops: Hop[],
  { llm }: StrategyContext,
  ask: RetrieveOptions,
): Promise<void> {
  const [from] = starts;
  if (!from) return;
  const instruction = `Answer in one sentence from this text:\n${from.text.slice(0, 1000)}`;
  const text = await draft(llm, { instruction, question, maxTokens: 48 }, ask);
  if (text !== '') hops.push({ name: text, left: [], query: `${question} ${text}`, strength: 1 });
}

interface Followed {
  hit: Hit;
  worth: number;
}

/** What the hops find, each passage by its best hop. */
async function follow(
  hops: readonly Hop[],
  { retriever }: StrategyContext,
  { filter, signal }: RetrieveOptions,
): Promise<ReadonlyMap<string, Followed>> {
  const best = new Map<string, Followed>();
  if (hops.length === 0) return best;
  const lists = await retriever.search(
    hops.map(({ query }) => query),
    { k: perHop, filter, signal },
  );
  for (const [i, hop] of hops.entries()) {
    for (const hit of lists[i]!) {
      if (hit.id === hop.from?.id) continue;
      const worth = continues(hop, hit);
      if (worth > (best.get(hit.id)?.worth ?? 0)) best.set(hit.id, { hit, worth });
    }
  }
  return best;
}

/** Adds a round's scores, scaled to 0–1, to those before. */
function addRound(found: Map<string, Hit>, round: ReadonlyMap<string, Followed>, weight: number): void {
  const best = Math.max(...[...round.values()].map(({ worth }) => worth), Number.MIN_VALUE);
  for (const [id, { hit, worth }] of round) {
    const before = found.get(id);
    found.set(id, { ...(before ?? hit), score: (before?.score ?? 0) + (weight * worth) / best });
  }
}
