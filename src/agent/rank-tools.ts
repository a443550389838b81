// Ranks tools for a task by embedding, so that few of many are shown (ToolLLM, arXiv:2307.16789).
import type { Embedder } from '../spec/embedder.ts';
import type { ToolSet } from '../spec/tool.ts';
import { nameWords } from './fill/words.ts';

/** A tool that was found. */
export interface RankedTool {
  name: string;
  /** Cosine with the task, −1 to 1: of an alias or example where that is more. */
  similarity: number;
}

/** Vectors of the texts of tools that were ranked before, by embedder; rows are unit vectors. */
const known = new WeakMap<Embedder, Map<string, Float32Array>>();
/** Texts whose vectors are kept. */
const most = 10_000;

/**
 * Tools by how near they are to a task, the nearest first.
 * @param limit tools that are given back, at most
 */
export async function rankTools(
  task: string,
  tools: ToolSet,
  embedder: Embedder,
  limit = 5,
  signal?: AbortSignal,
): Promise<RankedTool[]> {
  const texts = Object.entries(tools).map(([name, { description, aliases = [], examples = [] }]) => ({
    name,
    // Each way of naming a tool errs in its own way; their mean errs least.
    own: [`${name}: ${description}`, `${nameWords(name).join(' ')}: ${description}`, description, nameWords(name).join(' ')],
    others: [...aliases, ...examples],
  }));
  const vectors = known.get(embedder) ?? new Map<string, Float32Array>();
  known.set(embedder, vectors);
  if (vectors.size > most) vectors.clear();
  const missing = [...new Set([task, ...texts.flatMap(({ own, others }) => [...own, ...others])])].filter(
    (text) => !vectors.has(text),
  );
  const { data, dimension } = await embedder.embed(missing, { priority: 0, ...(signal && { signal }) });
  for (const [i, text] of missing.entries()) vectors.set(text, data.slice(i * dimension, (i + 1) * dimension));
  const query = vectors.get(task)!;
  const near = (text: string) => dot(query, vectors.get(text)!);
  return texts
    .map(({ name, own, others }) => {
      const mean = own.reduce((sum, text) => sum + near(text), 0) / own.length;
      return { name, similarity: Math.max(mean, ...others.map(near)) };
    })
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, limit);
}

function dot(first: Float32Array, second: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < first.length; i++) sum += first[i]! * second[i]!;
  return sum;
}
