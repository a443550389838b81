// Predicate: tests one document against a condition.
import type { Filter, MetadataValue } from '../../spec/metadata.ts';
import type { DocumentRecord } from '../../spec/store.ts';
import { type Bound, type Condition, parseFilter } from './condition.ts';

/** Whether a document meets a condition. */
export type Predicate = (document: DocumentRecord) => boolean;

const ownFields = ['id', 'title', 'url', 'mediaType'] as const;

/**
 * Reads a field. `id`, `title`, `url` and `mediaType` are the document's own, whatever its metadata has under these names.
 * A missing field is null.
 */
export function fieldReader(field: string): (document: DocumentRecord) => MetadataValue {
  const own = ownFields.find((name) => name === field);
  if (own) return (document) => document[own] ?? null;
  return ({ metadata }) => (Object.hasOwn(metadata, field) ? (metadata[field] ?? null) : null);
}

/**
 * Checks a filter and makes a predicate of it.
 * @throws InpageError `invalid-argument` naming what it does not know
 */
export function compileFilter(filter: Filter): Predicate {
  return compileCondition(parseFilter(filter));
}

/** Makes a predicate of a condition. */
export function compileCondition(condition: Condition): Predicate {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map(compileCondition);
      return (document) => parts.every((part) => part(document));
    }
    case 'or': {
      const parts = condition.parts.map(compileCondition);
      return (document) => parts.some((part) => part(document));
    }
    case 'not': {
      const part = compileCondition(condition.part);
      return (document) => !part(document);
    }
    default: {
      const read = fieldReader(condition.field);
      const test = compileTest(condition);
      return (document) => test(read(document));
    }
  }
}

type Test = (value: MetadataValue) => boolean;

function compileTest(condition: Extract<Condition, { field: string }>): Test {
  if (condition.kind === 'exists') return (value) => value !== null;
  if (condition.kind === 'in') return isOneOf(condition.values);
  const tests = condition.bounds.map(isWithin);
  return (value) => tests.every((test) => test(value));
}

function isOneOf(operands: readonly MetadataValue[]): Test {
  const arrays = operands.filter((operand) => Array.isArray(operand));
  // A set would find NaN.
  const single = new Set<unknown>(operands.filter((operand) => !Array.isArray(operand) && !Number.isNaN(operand)));
  return (value) => {
    if (!Array.isArray(value)) return single.has(value);
    return value.some((element) => single.has(element)) || arrays.some((operand) => sameArray(value, operand));
  };
}

function sameArray(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index]);
}

function isWithin({ operator, limit }: Bound): Test {
  const type = typeof limit;
  switch (operator) {
    case '$gt':
      return (value) => typeof value === type && value! > limit;
    case '$gte':
      return (value) => typeof value === type && value! >= limit;
    case '$lt':
      return (value) => typeof value === type && value! < limit;
    case '$lte':
      return (value) => typeof value === type && value! <= limit;
  }
}
