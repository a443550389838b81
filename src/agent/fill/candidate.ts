// Candidate: a value that an argument might take, with the signs that speak for it.
import type { Mention } from './mention.ts';
import type { Parameter, ValueType } from './parameter.ts';
import type { Request, Similarity } from './request.ts';

/** Signs by name; what is not there is 0. */
export type Signs = Record<string, number>;

/** Weights of signs by the type of value. */
export type Weights = Partial<Record<ValueType, Readonly<Signs>>>;

/** A value, or none, for one argument. */
export interface Candidate {
  /** Undefined: the argument is left out. */
  value?: unknown;
  signs: Signs;
  /** Where it stands in the request, where it does. */
  mention?: Mention;
  /** Weighted sum of the signs, comparable among candidates of one argument. */
  score: number;
  /** Probability among the candidates of its argument, 0–1. */
  probability: number;
}

/** What candidates are made from. */
export interface Scene {
  request: Request;
  parameters: readonly Parameter[];
  /** Stems of the tool's name and description: what it does is rarely a value. */
  toolStems: ReadonlySet<string>;
  similarity: Similarity;
  weights: Weights;
}

/** Before it was weighed. */
export function candidate(value: unknown, signs: Signs, mention?: Mention): Candidate {
  return { value, signs, score: 0, probability: 0, ...(mention && { mention }) };
}
