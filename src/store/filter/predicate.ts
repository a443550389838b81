// Filter: conditions on metadata, compiled once into a predicate over documents.
import type { Filter, MetadataValue } from '../../spec/metadata.ts';
import type { DocumentRecord } from '../../spec/store.ts';
import { InpageError } from '../../util/errors.ts';

/** Whether a document meets a condition. */
export type Predicate = (document: DocumentRecord) => boolean;

type Test = (value: MetadataValue) => boolean;

// Each takes the operand and gives the test of a field's value; a missing field has the value null.
const operators: Record<string, (operand: unknown, operator: string) => Test> = {
  $eq: (operand, operator) => equals(checkValue(operand, operator)),
  $ne: (operand, operator) => not(equals(checkValue(operand, operator))),
  $in: (operand, operator) => anyOf(checkList(operand, operator).map((value) => equals(checkValue(value, operator)))),
  $nin: (operand, operator) => not(anyOf(checkList(operand, operator).map((value) => equals(checkValue(value, operator))))),
  $gt: (operand, operator) => compares(operand, operator, (value, limit) => value > limit),
  $gte: (operand, operator) => compares(operand, operator, (value, limit) => value >= limit),
  $lt: (operand, operator) => compares(operand, operator, (value, limit) => value < limit),
  $lte: (operand, operator) => compares(operand, operator, (value, limit) => value <= limit),
  $exists: (operand, operator) => {
    if (typeof operand !== 'boolean') throw invalid(`The operand of "${operator}" must be true or false.`);
    return (value) => (value !== null) === operand;
  },
};

const ownFields = ['id', 'title', 'url', 'mediaType'] as const;

/**
 * Checks a filter and makes a predicate of it. The fields `id`, `title`, `url` and `mediaType` are the document's own, whatever
 * its metadata has under these names. A missing field counts as null.
 * @throws InpageError `invalid-argument` naming what it does not know
 */
export function compileFilter(filter: Filter): Predicate {
  if (!isPlainObject(filter)) throw invalid('A filter must be an object such as { topic: "history" }.');
  const conditions: Predicate[] = [];
  for (const [field, condition] of Object.entries(filter) as [string, unknown][]) {
    if (condition === undefined) continue;
    if (field === '$and' || field === '$or') {
      const parts = checkList(condition, field).map((part) => compileFilter(part as Filter));
      conditions.push(
        field === '$and'
          ? (document) => parts.every((part) => part(document))
          : (document) => parts.some((part) => part(document)),
      );
    } else if (field === '$not') {
      const part = compileFilter(condition as Filter);
      conditions.push((document) => !part(document));
    } else if (field.startsWith('$')) {
      throw invalid(`"${field}" is not an operator that combines filters; use $and, $or or $not.`);
    } else {
      const test = compileField(field, condition);
      conditions.push((document) => test(fieldOf(document, field)));
    }
  }
  return (document) => conditions.every((condition) => condition(document));
}

function compileField(field: string, condition: unknown): Test {
  if (!isPlainObject(condition)) return equals(checkValue(condition, field));
  const tests = Object.entries(condition)
    .filter(([, operand]) => operand !== undefined)
    .map(([operator, operand]) => {
      if (!Object.hasOwn(operators, operator)) {
        throw invalid(`"${operator}" on the field "${field}" is not an operator; use ${Object.keys(operators).join(', ')}.`);
      }
      return operators[operator]!(operand, operator);
    });
  return (value) => tests.every((test) => test(value));
}

function fieldOf(document: DocumentRecord, field: string): MetadataValue {
  if ((ownFields as readonly string[]).includes(field)) return document[field as (typeof ownFields)[number]] ?? null;
  return Object.hasOwn(document.metadata, field) ? (document.metadata[field] ?? null) : null;
}

/** An array is equal to the same array, and contains each of its elements. */
function equals(operand: MetadataValue): Test {
  if (!Array.isArray(operand)) return (value) => value === operand || (Array.isArray(value) && value.includes(operand as never));
  return (value) =>
    Array.isArray(value) && value.length === operand.length && value.every((element, index) => element === operand[index]);
}

function compares(operand: unknown, operator: string, holds: (value: string | number, limit: string | number) => boolean): Test {
  if (typeof operand !== 'string' && typeof operand !== 'number') {
    throw invalid(`The operand of "${operator}" must be a string or a number.`);
  }
  return (value) => typeof value === typeof operand && holds(value as string | number, operand);
}

function anyOf(tests: readonly Test[]): Test {
  return (value) => tests.some((test) => test(value));
}

function not(test: Test): Test {
  return (value) => !test(value);
}

function checkList(operand: unknown, operator: string): unknown[] {
  if (!Array.isArray(operand)) throw invalid(`The operand of "${operator}" must be an array.`);
  return operand;
}

function checkValue(value: unknown, where: string): MetadataValue {
  if (isMetadataValue(value)) return value;
  throw invalid(
    `The filter compares "${where}" with something that metadata cannot hold; use strings, numbers, booleans or null.`,
  );
}

/** Whether metadata can hold this. */
export function isMetadataValue(value: unknown): value is MetadataValue {
  return value === null || isScalar(value) || (Array.isArray(value) && value.every(isScalar));
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): InpageError {
  return new InpageError('invalid-argument', message);
}
