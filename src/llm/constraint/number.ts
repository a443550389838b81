// The texts of the numbers that a JSON Schema takes.
import type { SchemaObject } from '../../util/json-schema/subschemas.ts';
import { unsupported } from './alternatives.ts';
import { decimalsBetween } from './decimal.ts';
import { choice, type Expression, literal } from './expression.ts';
import { integer, number } from './json.ts';

/** Multiples that are listed one by one. */
const maxMultiples = 1000;

/** Digits after the point that a number between bounds may have, unless the bounds have more. */
const usualDecimals = 2;

/** @throws InpageError `output-unsupported` for multiples without end */
export function numbers(schema: SchemaObject, whole: boolean): Expression {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema as Record<string, number | undefined>;
  const bounds = [minimum, maximum, exclusiveMinimum, exclusiveMaximum].filter((bound) => bound !== undefined);
  if (bounds.length === 0 && multipleOf === undefined) return whole ? integer : number;
  /** The lowest and the highest number with so many digits after the point, in units of the last. */
  const within = (decimals: number): [number, number] => {
    const scale = 10 ** decimals;
    const exact = (bound: number) => Number((bound * scale).toFixed(6));
    const above = (bound = Number.NEGATIVE_INFINITY) => Math.ceil(exact(bound));
    const below = (bound = Number.POSITIVE_INFINITY) => Math.floor(exact(bound));
    const after = (bound = Number.NEGATIVE_INFINITY) => Math.floor(exact(bound)) + 1;
    const before = (bound = Number.POSITIVE_INFINITY) => Math.ceil(exact(bound)) - 1;
    return [Math.max(above(minimum), after(exclusiveMinimum)), Math.min(below(maximum), before(exclusiveMaximum))];
  };
  const upTo = (decimals: number) => decimalsBetween(...within(decimals), decimals);
  if (multipleOf === undefined) {
    const decimals = Math.max(usualDecimals, ...bounds.map(decimalsOf));
    return whole ? upTo(0) : choice(upTo(0), upTo(decimals));
  }
  const decimals = decimalsOf(multipleOf);
  const step = Math.round(multipleOf * 10 ** decimals);
  if (step === 1) return whole ? upTo(0) : choice(upTo(0), upTo(decimals));
  const [from, to] = within(decimals).map((units) => units / step) as [number, number];
  const count = Math.floor(to) - Math.ceil(from) + 1;
  if (!(count <= maxMultiples)) throw unsupported(`"multipleOf" with more than ${maxMultiples} values between bounds`);
  const values = Array.from({ length: Math.max(0, count) }, (_, i) => ((Math.ceil(from) + i) * step) / 10 ** decimals);
  return choice(...values.filter((value) => !whole || Number.isInteger(value)).map((value) => literal(String(value))));
}

/** Digits after the point. */
function decimalsOf(value: number): number {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}
