// The texts of JSON (RFC 8259), as much of it as a model needs: white space and digits are bounded, so that no model is caught
// in them for ever, and a character is escaped only where it must be.
import {
  anyCharacter,
  characters,
  choice,
  type Expression,
  literal,
  optional,
  type Range,
  repeat,
  sequence,
  subtract,
} from './expression.ts';

/** Digits that a number may have before and after its point: so many are exact. */
export const maxDigits = 15;

const digit: Expression = { kind: 'set', ranges: [[0x30, 0x39]] };
const space = choice(literal(''), literal(' '), sequence(literal('\n'), repeat(characters(' \t'), 0, 24)));
const comma = sequence(space, literal(','), space);

/** Characters that must be escaped, and how. */
const special: readonly Range[] = [
  [0, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
];
const escapes = special.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCharCode(first + i)),
);

/** A whole number. */
export const integer = sequence(optional(literal('-')), whole());

/** A number. */
export const number = sequence(
  integer,
  optional(sequence(literal('.'), repeat(digit, 1, maxDigits))),
  optional(sequence(characters('eE'), optional(characters('+-')), repeat(digit, 1, 2))),
);

/** A text, by what is in it. */
export function string(content: Expression): Expression {
  return sequence(literal('"'), escaped(content), literal('"'));
}

/** Any text of so many characters. */
export function anyString(least = 0, most?: number): Expression {
  return string(repeat(anyCharacter, least, most));
}

/** Texts other than these. */
export function stringExcept(names: readonly string[]): Expression {
  return string(except(names.map((name) => Array.from(name))));
}

/** `{ "name": value }`, in this order; names that are not required may be left out, and `more` may follow. */
export function object(
  members: readonly { name: string; value: Expression; required: boolean }[],
  more?: Expression,
): Expression {
  const separated = more && repeat(sequence(comma, more));
  // From the last to the first: what follows the first `i` members, when there was one before and when there was none.
  let following = separated ?? literal('');
  let leading = more && separated ? optional(sequence(more, separated)) : literal('');
  for (const { name, value, required } of [...members].reverse()) {
    const one = member(literal(JSON.stringify(name)), value);
    const after = sequence(comma, one, following);
    const first = sequence(one, following);
    following = required ? after : choice(after, following);
    leading = required ? first : choice(first, leading);
  }
  return sequence(literal('{'), space, leading, space, literal('}'));
}

/** `"key": value` */
export function member(key: Expression, value: Expression): Expression {
  return sequence(key, space, literal(':'), space, value);
}

/** `[…]`: items that differ by place, then others. */
export function array(first: readonly Expression[], others: Expression | undefined, least = 0, most = Number.POSITIVE_INFINITY) {
  const from = first.length;
  const rest = (began: boolean): Expression => {
    if (!others || most <= from) return least > from ? choice() : literal('');
    if (began) return repeat(sequence(comma, others), Math.max(0, least - from), most - from);
    const some = sequence(others, repeat(sequence(comma, others), Math.max(0, least - 1), most - 1));
    return least > 0 ? some : optional(some);
  };
  let items = rest(from > 0);
  for (const [i, item] of [...first.entries()].reverse()) {
    if (i >= most) items = literal('');
    else {
      items = sequence(...(i > 0 ? [comma] : []), item, items);
      if (i >= least) items = optional(items);
    }
  }
  return sequence(literal('['), space, items, space, literal(']'));
}

/** Any value. */
export const anyValue: Expression = choice(
  literal('null'),
  literal('true'),
  literal('false'),
  number,
  anyString(),
  { kind: 'lazy', make: () => array([], anyValue) },
  { kind: 'lazy', make: () => object([], member(anyString(), anyValue)) },
);

/** One value; white space is free. */
export function constant(value: unknown): Expression {
  if (Array.isArray(value)) return array(value.map(constant), undefined, value.length);
  if (typeof value === 'object' && value !== null) {
    return object(Object.entries(value).map(([name, each]) => ({ name, value: constant(each), required: true })));
  }
  return literal(JSON.stringify(value));
}

/** Digits without a leading zero. */
function whole(): Expression {
  return choice(literal('0'), sequence({ kind: 'set', ranges: [[0x31, 0x39]] }, repeat(digit, 0, maxDigits - 1)));
}

/** The texts of an expression as they stand between quotation marks. */
function escaped(content: Expression): Expression {
  switch (content.kind) {
    case 'set': {
      const plain: Expression = { kind: 'set', ranges: subtract(content.ranges, special) };
      const inside = escapes.filter((character) =>
        content.ranges.some(([first, last]) => character.charCodeAt(0) >= first && character.charCodeAt(0) <= last),
      );
      return choice(plain, ...inside.map((character) => literal(JSON.stringify(character).slice(1, -1))));
    }
    case 'sequence':
      return sequence(...content.parts.map(escaped));
    case 'choice':
      return choice(...content.options.map(escaped));
    case 'repeat':
      return repeat(escaped(content.part), content.least, content.most);
    case 'lazy':
      return { kind: 'lazy', make: () => escaped(content.make()) };
  }
}

/** Texts other than these, which are given character by character. */
function except(names: readonly (readonly string[])[]): Expression {
  if (names.length === 0) return repeat(anyCharacter);
  const rests = new Map<string, (readonly string[])[]>();
  for (const [first, ...rest] of names) if (first) rests.set(first, [...(rests.get(first) ?? []), rest]);
  const heads = characters([...rests.keys()].join('')) as Extract<Expression, { kind: 'set' }>;
  const others = subtract((anyCharacter as Extract<Expression, { kind: 'set' }>).ranges, heads.ranges);
  return choice(
    ...(names.some((name) => name.length === 0) ? [] : [literal('')]),
    sequence({ kind: 'set', ranges: others }, repeat(anyCharacter)),
    ...Array.from(rests, ([first, each]) => sequence(literal(first), except(each))),
  );
}
