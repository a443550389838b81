// Sets of texts, described by their parts: what all kinds of structured output come down to.

/** Code points from the first to the last. */
export type Range = readonly [first: number, last: number];

/** A set of texts. */
export type Expression =
  /** One character of some; the ranges are in order. */
  | { kind: 'set'; ranges: readonly Range[] }
  | { kind: 'sequence'; parts: readonly Expression[] }
  | { kind: 'choice'; options: readonly Expression[] }
  | { kind: 'repeat'; part: Expression; least: number; most: number }
  /** Made when a text comes there: for what contains itself. */
  | { kind: 'lazy'; make: () => Expression };

/** Any character; the halves of surrogate pairs are none. */
export const anyCharacter: Expression = {
  kind: 'set',
  ranges: [
    [0, 0xd7ff],
    [0xe000, 0x10ffff],
  ],
};

/** The set of one text. */
export function literal(text: string): Expression {
  return sequence(...Array.from(text, (character): Expression => characters(character)));
}

/** One of some characters, which are given as a text. */
export function characters(text: string): Expression {
  const points = Array.from(text, (character) => character.codePointAt(0)!).sort((a, b) => a - b);
  return { kind: 'set', ranges: points.map((point): Range => [point, point]) };
}

/** One after the other. */
export function sequence(...parts: readonly Expression[]): Expression {
  return { kind: 'sequence', parts };
}

/** Any of some; without options it is nothing at all. */
export function choice(...options: readonly Expression[]): Expression {
  return { kind: 'choice', options };
}

/** Several times, as often as wanted by default. */
export function repeat(part: Expression, least = 0, most = Number.POSITIVE_INFINITY): Expression {
  return { kind: 'repeat', part, least, most };
}

/** It, or nothing. */
export function optional(part: Expression): Expression {
  return repeat(part, 0, 1);
}

/** Makes the lazy parts of an expression, if they are not endless, so that their errors come now. */
export function makeParts(expression: Expression, most = 10_000): void {
  const seen = new Set<Expression>();
  const left = [expression];
  for (let part = left.pop(); part && seen.size < most; part = left.pop()) {
    if (seen.has(part)) continue;
    seen.add(part);
    if (part.kind === 'lazy') left.push(part.make());
    else if (part.kind === 'repeat') left.push(part.part);
    else if (part.kind === 'sequence') left.push(...part.parts);
    else if (part.kind === 'choice') left.push(...part.options);
  }
}

/** Ranges without the characters of `ranges` that are in `without`. */
export function subtract(ranges: readonly Range[], without: readonly Range[]): Range[] {
  return without.reduce<Range[]>(
    (left, [first, last]) =>
      left.flatMap(([from, to]): Range[] => {
        if (last < from || first > to) return [[from, to]];
        return [...(from < first ? [[from, first - 1] as const] : []), ...(to > last ? [[last + 1, to] as const] : [])];
      }),
    [...ranges],
  );
}

/** Whether ranges have anything from `first` to `last`: 'all' of it, 'some', or nothing. */
export function covers(ranges: readonly Range[], first: number, last: number): 'all' | 'some' | undefined {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]![1] < first) low = middle + 1;
    else high = middle;
  }
  const [from = 0, to = 0] = ranges[low] ?? [];
  if (low >= ranges.length || from > last) return undefined;
  return from <= first && to >= last ? 'all' : 'some';
}
