// A graph of passages and the names in them, which grows and shrinks by documents (after HippoRAG, Gutiérrez et al.,
// arXiv:2405.14831 and 2502.14802, without a language model).
import { UndirectedGraph } from 'graphology';
import { mostWords, nameWords } from './names.ts';
import type { SparseGraph } from './page-rank.ts';

/** Names of a document's passages, as they are stored. */
export interface DocumentNames {
  /** Tells one state of the document from another. */
  version: string;
  passages: readonly { id: string; names: readonly string[] }[];
}

/** The graph by numbers: passages come first, then names. */
export interface IndexedGraph extends SparseGraph {
  passages: readonly string[];
  /** Number of each node. */
  numbers: ReadonlyMap<string, number>;
}

/** Nodes are passages and names; what tells them apart is put in front. */
export const passageNode = (id: string) => `#${id}`;
export const nameNode = (name: string) => `@${name}`;
export const isPassageNode = (node: string) => node.startsWith('#');

export class PassageGraph {
  /** Nodes without attributes; an edge says that a passage has a name. */
  readonly nodes = new UndirectedGraph();
  readonly #documents = new Map<string, DocumentNames>();
  readonly #documentOf = new Map<string, string>();
  #indexed: IndexedGraph | undefined;

  get size() {
    const passages = this.#documentOf.size;
    return { documents: this.#documents.size, passages, entities: this.nodes.order - passages, edges: this.nodes.size };
  }

  get documents(): ReadonlyMap<string, DocumentNames> {
    return this.#documents;
  }

  /** Document of a passage. */
  documentOf(passage: string): string | undefined {
    return this.#documentOf.get(passage);
  }

  /** Adds a document, in the place of an earlier one of its id. */
  add(document: string, names: DocumentNames): void {
    this.remove(document);
    this.#documents.set(document, names);
    for (const passage of names.passages) {
      this.#documentOf.set(passage.id, document);
      const node = passageNode(passage.id);
      this.nodes.addNode(node);
      for (const name of passage.names) this.nodes.mergeEdge(node, nameNode(name));
    }
  }

  /** Removes a document, with the names that no other has. */
  remove(document: string): void {
    this.#indexed = undefined;
    for (const { id, names } of this.#documents.get(document)?.passages ?? []) {
      this.#documentOf.delete(id);
      this.nodes.dropNode(passageNode(id));
      for (const name of names) {
        const node = nameNode(name);
        if (this.nodes.hasNode(node) && this.nodes.degree(node) === 0) this.nodes.dropNode(node);
      }
    }
    this.#documents.delete(document);
  }

  /** Passages that have a name; 0 for a name that is not there. */
  frequency(name: string): number {
    const node = nameNode(name);
    return this.nodes.hasNode(node) ? this.nodes.degree(node) : 0;
  }

  /** Names of a passage. */
  namesOf(passage: string): string[] {
    const node = passageNode(passage);
    return this.nodes.hasNode(node) ? this.nodes.neighbors(node).map((name) => name.slice(1)) : [];
  }

  /** Passages that have a name. */
  passagesOf(name: string): string[] {
    return this.frequency(name) > 0 ? this.nodes.neighbors(nameNode(name)).map((passage) => passage.slice(1)) : [];
  }

  /** Names of the collection that a text has, the longest ones, however the text writes them. */
  find(text: string): string[] {
    const parts = nameWords(text);
    const found = new Set<string>();
    for (let at = 0; at < parts.length; ) {
      let length = Math.min(mostWords, parts.length - at);
      for (; length > 0; length--) {
        const name = parts.slice(at, at + length).join(' ');
        if (this.frequency(name) > 0) break;
      }
      if (length > 0) found.add(parts.slice(at, at + length).join(' '));
      at += Math.max(1, length);
    }
    return [...found];
  }

  /**
   * The graph as a matrix. A name leads to all its passages alike, a passage to its names by their rarity, 1 / passages, but to none
   * that it has alone, as that leads nowhere else.
   */
  indexed(): IndexedGraph {
    this.#indexed ??= this.#index();
    return this.#indexed;
  }

  #index(): IndexedGraph {
    const passages = [...this.#documentOf.keys()];
    const order = [...passages.map(passageNode), ...this.nodes.filterNodes((node) => !isPassageNode(node))];
    const numbers = new Map(order.map((node, number) => [node, number]));
    const offsets = new Uint32Array(order.length + 1);
    const targets: number[] = [];
    const weights: number[] = [];
    for (const [number, node] of order.entries()) {
      const all = this.nodes.neighbors(node);
      const edges = isPassageNode(node) ? all.filter((name) => this.nodes.degree(name) > 1) : all;
      const rarity = edges.map((other) => (isPassageNode(other) ? 1 : 1 / this.nodes.degree(other)));
      const sum = rarity.reduce((total, weight) => total + weight, 0);
      for (const [i, other] of edges.entries()) {
        targets.push(numbers.get(other)!);
        weights.push(rarity[i]! / sum);
      }
      offsets[number + 1] = targets.length;
    }
    return { passages, numbers, offsets, targets: Uint32Array.from(targets), weights: Float64Array.from(weights) };
  }
}
