// What is measured: an assistant over an imported collection, with a strategy by name or a plain search as its baseline.
import { type Assistant, createAssistant, type Embedder, type SearchOptions, type Strategy } from '../../src/index.ts';
import { defineStrategy } from '../../src/rag/define-strategy.ts';
import { strategyNames } from '../../src/rag/index.ts';
import { modelBase } from './ask.ts';

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

/** Names as the command takes them: `all` stands for every strategy that there is. */
export function expandNames(names: readonly string[]): string[] {
  return names.flatMap((name) => (name === 'all' ? strategyNames : [name]));
}

/** An assistant over a collection's file, imported at the first time. */
export async function openSubject(strategy: string, file: string, embedder?: Embedder): Promise<Assistant> {
  return createAssistant({
    name: file,
    index: new URL(`eval/${file}`, document.baseURI),
    strategy: strategyOf(strategy),
    preload: false,
    device: 'wasm',
    models: { base: modelBase },
    ...(embedder && { embedder }),
  });
}
