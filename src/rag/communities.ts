// Retrieval by communities of passages that share names, for questions about a part or the whole of a collection (after GraphRAG,
// Edge et al., arXiv:2404.16130; communities are told by their central passages, not by a model's summaries).
import type { Hit } from '../spec/store.ts';
import type { Strategy } from '../spec/strategy.ts';
import { withDefaults } from '../util/options.ts';
import { defineStrategy, type StrategyOptions } from './define-strategy.ts';

/** Options of {@link communities}. */
export interface CommunitiesOptions extends StrategyOptions {
  /**
   * `local`: passages found for the question, with the central ones of their communities. `global`: the central passages of the
   * largest communities. `auto`: global for questions that ask for an overview and have no name of the collection. @default auto
   */
  scope?: 'local' | 'global' | 'auto';
  /** Share of the passages that come from communities in a local question, 0–1. @default 0.2 */
  share?: number;
}

/** Defaults of {@link CommunitiesOptions}. */
export const communitiesDefaults = { scope: 'auto', share: 0.2 } as const;

const overview =
  /\b(?:overview|themes?|topics?|summar\w+|in general|overall|as a whole|what (?:is|are) (?:this|these|it|they)(?: \w+)? about|überblick|themen?|zusammenfass\w+|insgesamt|résum\w+|thèmes?|resum\w+|temas?)\b|概述|总结|主题|概要|ملخص|مواضيع/iu;

/** Answers questions about a part or the whole. Where the context has no graph it searches by meaning and words. */
export function communities(options: CommunitiesOptions = {}): Strategy {
  const { scope, share } = withDefaults(communitiesDefaults, options);
  const name = 'communities';
  return defineStrategy(
    {
      name,
      async *retrieve(question, { retriever, graph }, { k, filter, signal }) {
        const search = () => retriever.search(question, { k, filter, signal });
        if (!graph) return { question, hits: await search() };
        const asksForAll =
          scope === 'auto' ? overview.test(question) && (await named(question)).length === 0 : scope === 'global';
        const found = await graph.communities(asksForAll ? undefined : question, { count: asksForAll ? k : 2, filter, signal });
        yield {
          type: 'step',
          strategy: name,
          step: 'route',
          reason: asksForAll
            ? `The question is about the whole: the central passages of ${found.length} communities.`
            : `The question is about a part: passages found for it, and the central ones of ${found.length} communities.`,
          detail: { communities: found.map(({ names, passages, score }) => ({ names, passages, score })) },
        };
        const central = inTurn(found.map((community) => community.central));
        if (asksForAll && central.length > 0) return { question, hits: central.slice(0, k) };
        const hits = await search();
        const known = new Set(hits.map(({ id }) => id));
        const more = central.filter(({ id }) => !known.has(id)).slice(0, Math.floor(k * share));
        return { question, hits: [...hits.slice(0, k - more.length), ...more] };

        async function named(text: string) {
          return (await graph!.keys(text, { count: 0, filter, signal })).named;
        }
      },
    },
    options,
  );
}

/** The first of each list, then the second of each, and so on. */
function inTurn(lists: readonly (readonly Hit[])[]): Hit[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list.slice(place, place + 1))).flat();
}
