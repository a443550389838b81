// Names for a question on two levels: those that it has, and those that the passages found for it share (after LightRAG, Guo et al.,
// arXiv:2410.05779, without a language model).
import type { GraphEntity, GraphKeys } from '../spec/graph.ts';
import type { PassageGraph } from './passage-graph.ts';
import { ranked, type Scored } from './walk.ts';

/** @param found passages for the question @param count of related names */
export function keysOf(graph: PassageGraph, question: string, found: readonly Scored[], count: number): GraphKeys {
  const names = graph.find(question);
  const own = new Set(names);
  const sums = new Map<string, number>();
  for (const { id, score } of found) {
    for (const name of graph.namesOf(id)) {
      if (graph.frequency(name) > 1 && !own.has(name)) sums.set(name, (sums.get(name) ?? 0) + score);
    }
  }
  const related = [...sums].map(([name, sum]) => ({ id: name, score: sum / Math.sqrt(graph.frequency(name)) }));
  return {
    named: entities(
      graph,
      names.map((name) => ({ id: name, score: 1 / graph.frequency(name) })),
    ),
    related: entities(graph, related).slice(0, count),
  };
}

/** Passages by the rarity of those names that they have. */
export function passagesWith(graph: PassageGraph, names: readonly string[]): Scored[] {
  const sums = new Map<string, number>();
  for (const name of new Set(names)) {
    const weight = 1 / graph.frequency(name);
    for (const id of graph.passagesOf(name)) sums.set(id, (sums.get(id) ?? 0) + weight);
  }
  return ranked([...sums].map(([id, score]) => ({ id, score })));
}

function entities(graph: PassageGraph, scores: readonly Scored[]): GraphEntity[] {
  return ranked(scores).map(({ id, score }) => ({ name: id, passages: graph.frequency(id), score }));
}
