// The graph as documents come and go, and the walk over it.
import { describe, expect, test } from 'vitest';
import { findCommunities } from '../../../src/graph/communities.ts';
import { keysOf, passagesWith } from '../../../src/graph/keys.ts';
import { pageRank } from '../../../src/graph/page-rank.ts';
import { PassageGraph } from '../../../src/graph/passage-graph.ts';
import { walk } from '../../../src/graph/walk.ts';
import { createRandom } from '../../../src/util/random.ts';

function graphOf(documents: Readonly<Record<string, readonly string[]>>): PassageGraph {
  const graph = new PassageGraph();
  for (const [id, names] of Object.entries(documents)) graph.add(id, { version: '1', passages: [{ id: `${id}#0`, names }] });
  return graph;
}

const chain = {
  song: ['hello love', 'hank snow'],
  singer: ['hank snow', 'nashville'],
  city: ['nashville', 'tennessee'],
  other: ['boston', 'massachusetts'],
  more: ['boston', 'tennessee'],
};

describe('PassageGraph', () => {
  test('removing documents in any order leaves what adding the others makes, and no orphan', () => {
    const random = createRandom(7);
    const documents = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `d${i}`,
        [...new Set(Array.from({ length: 5 }, () => `n${Math.floor(random() * 80)}`))],
      ]),
    );
    const graph = graphOf(documents);
    for (const id of Object.keys(documents)
      .sort(() => random() - 0.5)
      .slice(0, 40)) {
      graph.remove(id);
      delete documents[id];
      const fresh = graphOf(documents);
      expect(graph.size).toEqual(fresh.size);
      expect(graph.nodes.nodes().sort()).toEqual(fresh.nodes.nodes().sort());
      expect(graph.nodes.someNode((node) => node[0] === '@' && graph.nodes.degree(node) === 0)).toBe(false);
    }
    for (const id of Object.keys(documents)) graph.remove(id);
    expect(graph.size).toEqual({ documents: 0, passages: 0, entities: 0, edges: 0 });
  });

  test('a document added again is replaced', () => {
    const graph = graphOf(chain);
    graph.add('song', { version: '2', passages: [{ id: 'song#0', names: ['brand'] }] });
    expect(graph.frequency('hello love')).toBe(0);
    expect(graph.frequency('hank snow')).toBe(1);
    expect(graph.documents.get('song')?.version).toBe('2');
  });

  test('names of a text are found however it writes them, the longest ones', () => {
    expect(graphOf(chain).find("who sang HELLO LOVE, was it Hank Snow's?")).toEqual(['hello love', 'hank snow']);
  });
});

describe('walk', () => {
  const options = { entityShare: 0.3, damping: 0.5 };

  test('reaches passages that share a name with what is found, nearer ones first, and nothing that is apart', () => {
    const graph = graphOf({ ...chain, more: ['boston'] });
    const ids = walk(graph, [{ id: 'song#0', score: 1 }], ['hello love'], options).map(({ id }) => id);
    expect(ids).toEqual(['song#0', 'singer#0', 'city#0']);
  });

  test('scores are at most 1, and one with nothing to start from is empty', () => {
    const graph = graphOf(chain);
    expect(walk(graph, [], ['hank snow'], options)[0]!.score).toBe(1);
    expect(walk(graph, [], [], options)).toEqual([]);
    expect(walk(graph, [{ id: 'unknown#0', score: 1 }], ['nobody'], options)).toEqual([]);
  });
});

test('page rank keeps its mass, and is the sum that it should be', () => {
  // 0 → 1 → 0, and 2 alone.
  const graph = { offsets: Uint32Array.of(0, 1, 2, 2), targets: Uint32Array.of(1, 0), weights: Float64Array.of(1, 1) };
  const mass = pageRank(graph, Float64Array.of(0.5, 0, 0.5), { damping: 0.5, iterations: 60 });
  // x0 = 0.25 + x1 / 2 and x1 = x0 / 2.
  expect(mass[0]).toBeCloseTo(1 / 3, 9);
  expect(mass[1]).toBeCloseTo(1 / 6, 9);
  expect(mass[2]).toBeCloseTo(0.5, 9);
});

test('names on two levels, and passages that have them', () => {
  const graph = graphOf(chain);
  const { named, related } = keysOf(graph, 'Where did Hank Snow live?', [{ id: 'singer#0', score: 1 }], 5);
  expect(named).toMatchObject([{ name: 'hank snow', passages: 2, score: 1 }]);
  expect(related).toMatchObject([{ name: 'nashville', passages: 2 }]);
  expect(passagesWith(graph, ['hank snow', 'nashville'])[0]).toEqual({ id: 'singer#0', score: 1 });
  expect(passagesWith(graph, ['nobody'])).toEqual([]);
});

test('communities are the parts that hang together, each time the same', () => {
  const documents: Record<string, string[]> = {};
  for (const group of ['a', 'b', 'c']) {
    for (let i = 0; i < 6; i++) documents[`${group}${i}`] = [`${group} one`, `${group} two`, `${group} ${i}`];
  }
  const graph = graphOf(documents);
  const found = findCommunities(graph);
  expect(found).toHaveLength(3);
  for (const { passages, names } of found) {
    expect(new Set(passages.map((id) => id[0]))).toHaveLength(1);
    expect(names.slice(0, 2).sort()).toEqual([`${passages[0]![0]} one`, `${passages[0]![0]} two`]);
  }
  expect(findCommunities(graph)).toEqual(found);
  expect(findCommunities(new PassageGraph())).toEqual([]);
});
