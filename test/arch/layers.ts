// Which folder of `src` may import which: only a lower layer, or itself.

/** Layers from the bottom; folders of one layer do not know each other. */
const layers: readonly (readonly string[])[] = [
  ['spec'],
  ['util'],
  ['runtime', 'prompt'],
  ['llm', 'embed', 'rerank', 'load', 'chunk', 'store', 'graph', 'cite', 'adapt', 'outline'],
  // Stores on servers take their checks and filters from the local one.
  ['rag', 'agent', 'tool', 'eval', 'ingest', 'remote'],
  ['client', 'service', 'testing'],
  ['ui', 'cli'],
];

/** `src/store/filter.ts` → `store`; the files directly in `src` and other folders are on top of everything. */
export function folderOf(path: string): string {
  return /^src\/([\w-]+)\//.exec(path)?.[1] ?? 'top';
}

/** Number of a folder's layer, from 0. @throws Error for a folder that is in no layer */
export function layerOf(folder: string): number {
  if (folder === 'top') return layers.length;
  const layer = layers.findIndex((folders) => folders.includes(folder));
  if (layer < 0) throw new Error(`src/${folder}/ is in no layer. Add it to test/arch/layers.ts.`);
  return layer;
}

/** Why one file must not import another, or undefined. Both are paths from the root. */
export function violation(from: string, to: string): string | undefined {
  const [source, target] = [folderOf(from), folderOf(to)];
  if (source === target) return undefined;
  const [upper, lower] = [layerOf(source), layerOf(target)];
  if (upper > lower) return undefined;
  return `${from} imports ${to}: ${upper === lower ? 'siblings do not know each other' : 'a lower layer does not know an upper one'}`;
}

/**
 * The first cycle found in a graph, as the nodes along it, or undefined.
 * @param graph edges by node
 */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle) return cycle;
  }
  return undefined;
}
