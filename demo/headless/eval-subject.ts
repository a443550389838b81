// What is measured: an assistant over a collection, with a strategy by name or a plain search as its baseline.
import {
  type Assistant,
  createAssistant,
  type Embedder,
  type Llm,
  lateInteraction,
  type SearchOptions,
  type Strategy,
  transformersEmbedder,
  transformersLlm,
} from '../../src/index.ts';
import { defineStrategy } from '../../src/rag/define-strategy.ts';
import { strategyNames } from '../../src/rag/index.ts';
import { modelBase } from './ask.ts';
import { chunkers } from './eval-collection.ts';
import { metered } from './metered.ts';

/** Plain searches: `dense`, `lexical`, `rrf`, `convex:<weight of dense>`. */
const searches: Readonly<Record<string, (parameter: string | undefined) => SearchOptions>> = {
  dense: () => ({ mode: 'dense' }),
  lexical: () => ({ mode: 'lexical' }),
  rrf: () => ({ fusion: { method: 'rrf' } }),
  convex: (weight) => ({ fusion: { method: 'convex', weight: Number(weight) } }),
};

/** A strategy by name. @throws Error for a name that there is none of */
function strategyOf(name: string): string | Strategy {
  if (strategyNames.includes(name)) return name;
  const [kind = '', parameter] = name.split(':');
  const search = Object.hasOwn(searches, kind) ? searches[kind]!(parameter) : undefined;
  if (!search) {
    throw new Error(`There is no strategy "${name}". There are ${strategyNames.join(', ')}, dense, lexical, rrf, convex:0.5.`);
  }
  return defineStrategy({
    name,
    // biome-ignore lint/correctness/useYield: there is nothing to tell of a single search.
    async *retrieve(question, { retriever }, { k, filter, signal }) {
      return { question, hits: await retriever.search(question, { k, filter, signal, ...search }) };
    },
  });
}

/** Names as the command takes them: `all` stands for every strategy that there is, `naive` first. */
export function expandNames(names: readonly string[]): string[] {
  const all = ['naive', ...strategyNames.filter((name) => name !== 'naive')];
  return [...new Set(names.flatMap((name) => (name === 'all' ? all : [name])))];
}

/** A collection: by its name, and the file it comes from where it is not made in the page. */
export interface EvalCollection {
  collection: string;
  file?: string;
  chunker: keyof typeof chunkers;
  /** Scores passages anew. */
  reranker?: keyof typeof rerankers;
}

const rerankers = {
  'late-interaction': (embedder: Embedder) => lateInteraction({ embedder }),
};

/** What is measured, with its models; they are closed with the assistant. */
export interface EvalSubject {
  assistant: Assistant;
  embedder: Embedder;
  /** `tokens` is what it has read and written. */
  llm: Llm & { tokens: number };
}

/** An assistant over a collection, whose file is imported at the first time. */
export async function openSubject(
  strategy: string,
  { collection, file, chunker, reranker }: EvalCollection,
): Promise<EvalSubject> {
  const models = { device: 'wasm', source: { base: modelBase } } as const;
  const [llm, embedder] = [metered(transformersLlm(models)), transformersEmbedder(models)];
  const assistant = await createAssistant({
    name: collection,
    ...(file && { index: new URL(`eval/${file}`, document.baseURI) }),
    strategy: strategyOf(strategy),
    chunker: chunkers[chunker],
    preload: false,
    llm,
    embedder,
    ...(reranker && { reranker: rerankers[reranker](embedder) }),
  });
  return { assistant, llm, embedder };
}
