// Steps through the bytes of a text and knows at each whether it can still become one that an expression describes: Thompson's
// construction over characters, built and made deterministic only where a text comes, so that what contains itself is no
// trouble; UTF-8 is decoded on the way.
import { InpageError } from '../../util/errors.ts';
import { covers, type Expression, type Range } from './expression.ts';

/** States are numbers. */
export interface Automaton {
  readonly start: number;
  /** The state after one more byte, or -1 if no text that is described goes on like this. */
  step(state: number, byte: number): number;
  /** Whether the text so far is complete. */
  accepts(state: number): boolean;
}

/** Takes one character, or leads on without: to the nodes in `to`, which are made when they are needed. The end does neither. */
type Node = { ranges: readonly Range[]; next: number } | { to: readonly number[] | (() => readonly number[]) };

/** Where a text may be, and what was read of its next character. */
interface State {
  /** Nodes that take a character, and the end. */
  nodes: readonly number[];
  /** Bytes that the character still needs. */
  need: number;
  /** Its value so far, or `any` where that makes no difference, and the lowest that may be written in so many bytes. */
  point: number;
  lowest: number;
  /** The next state by byte, or `unknown`. */
  steps: Int32Array;
}

const end = 0;
const any = -1;
const unknown = -2;
const maxNodes = 500_000;

/** @throws InpageError `output-unsupported` if the expression is too large, here or in `step` */
export function buildAutomaton(expression: Expression): Automaton {
  const nodes: Node[] = [{ to: [] }];
  const compiled = new WeakMap<Expression, Map<number, number>>();
  const states: State[] = [];
  const numbers = new Map<string, number>();

  const add = (node: Node): number => {
    if (nodes.length > maxNodes) {
      throw new InpageError('output-unsupported', 'This output is too large to be enforced. Does it contain itself at once?');
    }
    return nodes.push(node) - 1;
  };

  /** The node that takes what is described and goes on to `next`. */
  const compile = (part: Expression, next: number): number => {
    let entries = compiled.get(part);
    if (!entries) {
      entries = new Map();
      compiled.set(part, entries);
    }
    const entry = entries.get(next) ?? build(part, next);
    entries.set(next, entry);
    return entry;
  };

  const build = (part: Expression, next: number): number => {
    switch (part.kind) {
      case 'set':
        return add({ ranges: part.ranges, next });
      case 'sequence':
        return part.parts.reduceRight((entry, each) => compile(each, entry), next);
      case 'choice':
        return add({ to: () => part.options.map((option) => compile(option, next)) });
      case 'lazy':
        return add({ to: () => [compile(part.make(), next)] });
      case 'repeat':
        return repeated(part.part, part.least, part.most, next);
    }
  };

  const repeated = (part: Expression, least: number, most: number, next: number): number => {
    if (most === 0) return next;
    // What may go on for ever comes back to the node itself.
    const again: number =
      least === 0 && most === Number.POSITIVE_INFINITY
        ? nodes.length
        : add({ to: () => [repeated(part, Math.max(0, least - 1), most - 1, next)] });
    return add({ to: () => (least > 0 ? [compile(part, again)] : [compile(part, again), next]) });
  };

  /** The nodes that can be reached without a character. */
  const reach = (from: readonly number[]): number[] => {
    const found = new Set<number>();
    const left = [...from];
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      const node = nodes[id]!;
      if (!('to' in node)) continue;
      if (typeof node.to === 'function') node.to = node.to();
      left.push(...node.to);
    }
    return [...found].filter((id) => id === end || 'ranges' in nodes[id]!).sort((a, b) => a - b);
  };

  const intern = (nodes: readonly number[], need = 0, point = 0, lowest = 0): number => {
    const key = `${need} ${point} ${nodes}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = states.push({ nodes, need, point, lowest, steps: new Int32Array(256).fill(unknown) }) - 1;
      numbers.set(key, number);
    }
    return number;
  };

  const walk = (state: State, byte: number): number => {
    const read = decode(state, byte);
    if (!read) return -1;
    const { need, point, lowest } = read;
    const [live, same] = point === any ? [state.nodes, true] : taking(state.nodes, point, need, lowest);
    if (live.length === 0) return -1;
    if (need === 0) return intern(reach(live.map((id) => (nodes[id] as { next: number }).next)));
    return same ? intern(live, need, any) : intern(live, need, point, lowest);
  };

  /** Of some nodes those that take a character of which a part is read, and whether they take it whatever the rest is. */
  const taking = (ids: readonly number[], point: number, need: number, lowest: number): [number[], boolean] => {
    const first = Math.max(lowest, point << (6 * need));
    const last = ((point + 1) << (6 * need)) - 1;
    const live: number[] = [];
    let all = true;
    for (const id of ids) {
      const node = nodes[id]!;
      const part = 'ranges' in node && first <= last ? covers(node.ranges, first, last) : undefined;
      if (!part) continue;
      live.push(id);
      all &&= part === 'all';
    }
    return [live, all];
  };

  return {
    start: intern(reach([compile(expression, end)])),
    step(number, byte) {
      const state = states[number]!;
      if (state.steps[byte] === unknown) state.steps[byte] = walk(state, byte);
      return state.steps[byte]!;
    },
    accepts: (number) => states[number]!.need === 0 && states[number]!.nodes[0] === end,
  };
}

/** What is read of a character after one more byte of UTF-8 (RFC 3629), or nothing where that is none. */
function decode({ need, point, lowest }: State, byte: number): Pick<State, 'need' | 'point' | 'lowest'> | undefined {
  if (need > 0) {
    if (byte >> 6 !== 0b10) return undefined;
    return { need: need - 1, point: point === any ? any : (point << 6) | (byte & 0x3f), lowest };
  }
  if (byte < 0x80) return { need: 0, point: byte, lowest: 0 };
  if (byte >> 5 === 0b110) return { need: 1, point: byte & 0x1f, lowest: 0x80 };
  if (byte >> 4 === 0b1110) return { need: 2, point: byte & 0x0f, lowest: 0x800 };
  if (byte >> 3 === 0b11110) return { need: 3, point: byte & 0x07, lowest: 0x10000 };
  return undefined;
}
