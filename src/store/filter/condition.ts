// Condition: a filter checked and brought into its simplest form, which predicates and columns both work from.
import type { Filter, MetadataValue } from '../../spec/metadata.ts';
import { InpageError } from '../../util/errors.ts';
import { toMetadataValue } from './value.ts';

/** A limit of a range. It holds only for values of the limit's own type. */
export interface Bound {
  readonly operator: '$gt' | '$gte' | '$lt' | '$lte';
  readonly limit: string | number;
}

/** What a filter asks. A missing field has the value null. */
export type Condition =
  /** No part: always met. */
  | { readonly kind: 'and'; readonly parts: readonly Condition[] }
  /** No part: never met. */
  | { readonly kind: 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  /** Equal to one of the values. An array is equal to the same array, and to each of its elements. NaN is equal to nothing. */
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly MetadataValue[] }
  /** Within all the bounds. Strings compare by UTF-16 code units. An array is within no bound. */
  | { readonly kind: 'range'; readonly field: string; readonly bounds: readonly Bound[] }
  /** Not null. */
  | { readonly kind: 'exists'; readonly field: string };

type Operator = (field: string, operand: unknown, operator: string) => Condition;

const operators: Record<string, Operator> = {
  $eq: (field, operand, operator) => equal(field, operand, operator),
  $ne: (field, operand, operator) => not(equal(field, operand, operator)),
  $in: (field, operand, operator) => oneOf(field, operand, operator),
  $nin: (field, operand, operator) => not(oneOf(field, operand, operator)),
  $gt: range,
  $gte: range,
  $lt: range,
  $lte: range,
  $exists: (field, operand, operator) => {
    if (typeof operand !== 'boolean') throw invalid(`The operand of "${operator}" must be true or false.`);
    const exists: Condition = { kind: 'exists', field };
    return operand ? exists : not(exists);
  },
};

/**
 * Checks a filter and gives what it asks. Later changes of the filter do not change the condition.
 * @throws InpageError `invalid-argument` naming what it does not know
 */
export function parseFilter(filter: Filter): Condition {
  if (!isPlainObject(filter)) throw invalid('A filter must be an object such as { topic: "history" }.');
  const parts: Condition[] = [];
  for (const [field, operand] of Object.entries(filter) as [string, unknown][]) {
    if (operand === undefined) continue;
    if (field === '$and') parts.push(all(checkList(operand, field).map((part) => parseFilter(part as Filter))));
    else if (field === '$or') parts.push(any(checkList(operand, field).map((part) => parseFilter(part as Filter))));
    else if (field === '$not') parts.push(not(parseFilter(operand as Filter)));
    else if (field.startsWith('$')) {
      throw invalid(`"${field}" is not an operator that combines filters; use $and, $or or $not.`);
    } else parts.push(...parseField(field, operand));
  }
  return all(parts);
}

function parseField(field: string, condition: unknown): Condition[] {
  if (!isPlainObject(condition)) return [equal(field, condition, field)];
  return Object.entries(condition)
    .filter(([, operand]) => operand !== undefined)
    .map(([operator, operand]) => {
      if (Object.hasOwn(operators, operator)) return operators[operator]!(field, operand, operator);
      throw invalid(`"${operator}" on the field "${field}" is not an operator; use ${Object.keys(operators).join(', ')}.`);
    });
}

function equal(field: string, operand: unknown, where: string): Condition {
  return { kind: 'in', field, values: [checkValue(operand, where)] };
}

function oneOf(field: string, operand: unknown, operator: string): Condition {
  return { kind: 'in', field, values: checkList(operand, operator).map((value) => checkValue(value, operator)) };
}

function range(field: string, operand: unknown, operator: string): Condition {
  const limit = Array.isArray(operand) ? undefined : toMetadataValue(operand);
  if (typeof limit !== 'string' && typeof limit !== 'number') {
    throw invalid(`The operand of "${operator}" must be a string, a number or a valid Date.`);
  }
  return { kind: 'range', field, bounds: [{ operator: operator as Bound['operator'], limit }] };
}

function not(part: Condition): Condition {
  return part.kind === 'not' ? part.part : { kind: 'not', part };
}

/** All of the parts, with nested ones unfolded and the ranges of a field made one. */
function all(parts: readonly Condition[]): Condition {
  const ranges = new Map<string, Bound[]>();
  const kept: Condition[] = [];
  for (const part of parts.flatMap((part) => (part.kind === 'and' ? part.parts : part))) {
    const bounds = part.kind === 'range' ? ranges.get(part.field) : undefined;
    if (part.kind !== 'range') kept.push(part);
    else if (bounds) bounds.push(...part.bounds);
    else {
      const joined = [...part.bounds];
      ranges.set(part.field, joined);
      kept.push({ ...part, bounds: joined });
    }
  }
  return kept.length === 1 ? kept[0]! : { kind: 'and', parts: kept };
}

function any(parts: readonly Condition[]): Condition {
  const kept = parts.flatMap((part) => (part.kind === 'or' ? part.parts : part));
  return kept.length === 1 ? kept[0]! : { kind: 'or', parts: kept };
}

function checkList(operand: unknown, operator: string): unknown[] {
  if (!Array.isArray(operand)) throw invalid(`The operand of "${operator}" must be an array.`);
  return operand;
}

function checkValue(operand: unknown, where: string): MetadataValue {
  const value = toMetadataValue(operand);
  if (value !== undefined) return value;
  throw invalid(
    `The filter compares "${where}" with something that metadata cannot hold; use strings, numbers, valid dates, booleans or null.`,
  );
}

/** Not a `Date`, `Map`, regular expression …: they would have no conditions, and a filter without any lets everything pass. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function invalid(message: string): InpageError {
  return new InpageError('invalid-argument', message);
}
