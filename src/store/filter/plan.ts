// Plan: how a condition is answered from columns. Counts are known before anything is done, so the smallest part goes first.
import type { DocumentRecord } from '../../spec/store.ts';
import type { Condition } from './condition.ts';
import type { FieldColumn } from './field-column.ts';
import { intersect, type OrdinalSet, sortedSet, subtract, toOrdinals, unite, unsortedSet } from './ordinal-set.ts';
import { compileCondition } from './predicate.ts';
import type { Scalar } from './value.ts';

/** The documents that a plan is for. */
export interface PlanSource {
  /** Number of documents. */
  readonly size: number;
  /** More than the greatest ordinal. */
  readonly span: number;
  all(): OrdinalSet;
  column(field: string): FieldColumn;
  /** The document of an ordinal, which must be there. */
  record(ordinal: number): DocumentRecord;
}

/** A way to the documents that meet a condition. */
export interface Plan {
  readonly condition: Condition;
  /** About how many there are. */
  readonly count: number;
  /** About how many ordinals are handled on the way. Postings as they are cost nothing. */
  readonly cost: number;
  /** The plan for all other documents, where that is the simpler one. */
  readonly others?: Plan;
  run(): OrdinalSet;
}

// Testing one document takes as long as handling about so many ordinals (measured: 40 with 10,000 documents, 500 with a million).
const testCost = 256;

/** Makes the plan of a condition. */
export function planCondition(condition: Condition, source: PlanSource): Plan {
  const planParts = (parts: readonly Condition[]) => parts.map((part) => planCondition(part, source));
  switch (condition.kind) {
    case 'and':
      return planAll(planParts(condition.parts), condition, source);
    case 'or':
      return planAny(planParts(condition.parts), condition, source);
    case 'not':
      return planOthers(planCondition(condition.part, source), condition, source);
    case 'in':
      return planIn(condition, source);
    case 'exists':
      return planPostings(source.column(condition.field).present(), condition, source);
    case 'range': {
      const { ordinals, ascending } = source.column(condition.field).within(condition.bounds);
      if (ascending) return planPostings([ordinals], condition, source);
      return { condition, count: ordinals.length, cost: ordinals.length, run: () => unsortedSet(ordinals, source.span) };
    }
  }
}

/** Begins with the smallest part and takes out what does not meet the others: set by set, or document by document if few are left. */
function planAll(parts: readonly Plan[], condition: Condition, source: PlanSource): Plan {
  const [first, ...others] = [...parts].sort((a, b) => a.count - b.count);
  if (!first) return { condition, count: source.size, cost: 0, run: () => source.all() };
  const run = () => {
    let set = first.run();
    for (let next = 0; next < others.length && set.count > 0; next++) {
      const rest = others.slice(next);
      if (set.count * testCost < sum(rest, ({ cost }) => cost)) {
        return tested(set, { kind: 'and', parts: rest.map((part) => part.condition) }, source);
      }
      const part = others[next]!;
      set = part.others ? subtract(set, part.others.run()) : intersect(set, part.run());
    }
    return set;
  };
  const cost =
    first.cost +
    Math.min(
      first.count * testCost,
      sum(others, (part) => part.cost),
    );
  return { condition, count: first.count, cost, run };
}

function planAny(parts: readonly Plan[], condition: Condition, source: PlanSource): Plan {
  if (parts.length === 1) return parts[0]!;
  const total = sum(parts, ({ count }) => count);
  return {
    condition,
    count: Math.min(total, source.size),
    cost: total + sum(parts, ({ cost }) => cost),
    run: () =>
      unite(
        parts.map((part) => part.run()),
        source.span,
      ),
  };
}

function planOthers(others: Plan, condition: Condition, source: PlanSource): Plan {
  const count = source.size - others.count;
  return { condition, count, cost: others.cost, others, run: () => subtract(source.all(), others.run()) };
}

function planIn(condition: Extract<Condition, { kind: 'in' }>, source: PlanSource): Plan {
  const column = source.column(condition.field);
  const postings: Uint32Array[] = [];
  const parts: Plan[] = [];
  for (const value of new Set(condition.values)) {
    if (value === null) parts.push(planOthers(planPostings(column.present(), condition, source), condition, source));
    else if (Array.isArray(value)) parts.push(planArray(value, condition.field, source));
    else postings.push(...column.equal(value as Scalar));
  }
  if (postings.length > 0 || parts.length === 0) parts.push(planPostings(postings, condition, source));
  return planAny(parts, condition, source);
}

/** The documents with just this array: those with its rarest element are tested. */
function planArray(value: readonly Scalar[], field: string, source: PlanSource): Plan {
  const column = source.column(field);
  const candidates = value
    .map((element) => column.containing(element))
    .reduce((least, posting) => (posting.length < least.length ? posting : least), column.arrays());
  const condition: Condition = { kind: 'in', field, values: [value] };
  const count = candidates.length;
  return { condition, count, cost: count * testCost, run: () => tested(sortedSet(candidates), condition, source) };
}

function planPostings(postings: readonly Uint32Array[], condition: Condition, source: PlanSource): Plan {
  const count = sum(postings, ({ length }) => length);
  const cost = postings.length > 1 ? count : 0;
  return { condition, count, cost, run: () => unite(postings.map(sortedSet), source.span) };
}

function tested(set: OrdinalSet, condition: Condition, source: PlanSource): OrdinalSet {
  const test = compileCondition(condition);
  return sortedSet(toOrdinals(set).filter((ordinal) => test(source.record(ordinal))));
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
