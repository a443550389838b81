// The graph of a collection as strategies have it, which is in the collection's worker.
import type { ProgressOptions } from '../spec/call.ts';
import type { GraphProgress, KnowledgeGraph } from '../spec/graph.ts';

/** Calls a method of the graph; the arguments come without the options. */
export type CallGraph = (
  method: keyof KnowledgeGraph,
  args: readonly unknown[],
  options: ProgressOptions<GraphProgress>,
) => Promise<unknown>;

/** Makes it. */
export function collectionGraph(call: CallGraph): KnowledgeGraph {
  return {
    sync: (options = {}) => call('sync', [], options) as never,
    search: (question, options = {}) => call('search', [question], options) as never,
    keys: (question, options = {}) => call('keys', [question], options) as never,
    passages: (names, options = {}) => call('passages', [names], options) as never,
    communities: (question, options = {}) => call('communities', [question], options) as never,
  };
}
