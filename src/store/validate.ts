// Checks of what callers hand to a store; each message names the input and what it should be.
import type { EmbeddingSpace } from '../spec/embedder.ts';
import type { ChunkSpan, DocumentHead, VectorDocument } from '../spec/store.ts';
import { InpageError } from '../util/errors.ts';
import { toMetadataValue } from './filter/value.ts';

const longestName = 200;
const largestOffset = 0xffffffff;

/** @throws InpageError `invalid-argument` */
export function checkName(name: unknown): string {
  if (typeof name === 'string' && name.length > 0 && name.length <= longestName) return name;
  throw invalid(`The name of a collection must be a string of 1 to ${longestName} characters.`);
}

/** Checks a document's head and gives a copy, which the caller cannot change any more. Dates in the metadata become ISO strings. */
export function checkHead(head: DocumentHead): DocumentHead {
  if (typeof head !== 'object' || head === null) throw invalid('write() needs the head of a document: id, title, mediaType …');
  const { id, title, url, mediaType, metadata, hash, sections } = head;
  if (typeof id !== 'string' || id === '') throw invalid('The id of a document must be a non-empty string.');
  for (const [field, value] of Object.entries({ title, mediaType, hash })) {
    if (typeof value !== 'string') throw invalid(`The field "${field}" of the document "${id}" must be a string.`);
  }
  if (url !== undefined && typeof url !== 'string') throw invalid(`The field "url" of the document "${id}" must be a string.`);
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw invalid(`The metadata of the document "${id}" must be an object.`);
  }
  const values = Object.entries(metadata).map(([field, input]) => {
    const value = toMetadataValue(input);
    if (value !== undefined) return [field, value] as const;
    throw invalid(
      `The metadata "${field}" of the document "${id}" must be a string, number, boolean, valid Date or null, or an array of these.`,
    );
  });
  if (sections !== undefined && !(Array.isArray(sections) && sections.every(isSection))) {
    throw invalid(`The sections of the document "${id}" must be an array of { level, title, start, end }.`);
  }
  return structuredClone({ id, title, url, mediaType, metadata: Object.fromEntries(values), hash, sections });
}

/** Checks a space and gives a copy. */
export function checkSpace(space: EmbeddingSpace): EmbeddingSpace {
  const { model, revision, dimension, pooling, normalized, prefix } = space ?? {};
  if (
    typeof model !== 'string' ||
    typeof revision !== 'string' ||
    typeof prefix?.query !== 'string' ||
    typeof prefix.passage !== 'string'
  ) {
    throw invalid('An embedding space needs a model, a revision and a prefix as strings.');
  }
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > 65_536) {
    throw invalid(`The dimension of the model "${model}" must be a whole number from 1 to 65536.`);
  }
  return { model, revision, dimension, pooling, normalized, prefix: { query: prefix.query, passage: prefix.passage } };
}

/** Checks passages and gives the largest end. */
export function checkSpans(spans: readonly ChunkSpan[]): number {
  if (!Array.isArray(spans)) throw invalid('The passages must be an array of { start, end }.');
  let last = 0;
  for (const [index, span] of spans.entries()) {
    const { start, end } = span ?? {};
    if (!isOffset(start) || !isOffset(end) || start > end) {
      throw invalid(`Passage ${index} goes from ${start} to ${end}; it needs whole numbers with 0 ≤ start ≤ end.`);
    }
    last = Math.max(last, end);
  }
  return last;
}

/** Checks the number, length and finiteness of vectors. */
export function checkVectors(vectors: Float32Array, rows: number, dimension: number): void {
  if (!(vectors instanceof Float32Array)) throw invalid('Vectors must be a Float32Array.');
  if (vectors.length !== rows * dimension) {
    throw invalid(
      `${rows} vectors of ${dimension} dimensions have ${rows * dimension} numbers, but there are ${vectors.length}.`,
    );
  }
  for (const value of vectors) if (!Number.isFinite(value)) throw invalid('A vector has a number that is not finite.');
}

/** Checks what cannot be left to the writer, and gives the number of passages. */
export function checkVectorDocument(document: VectorDocument): number {
  if (typeof document !== 'object' || document === null) throw invalid('add() needs documents: { id, text, vectors … }.');
  const { id, text, vectors, passages } = document;
  if (text !== undefined && typeof text !== 'string') throw invalid(`The text of the document "${id}" must be a string.`);
  if (!(vectors instanceof Float32Array)) throw invalid(`The vectors of the document "${id}" must be a Float32Array.`);
  if (passages !== undefined && !Array.isArray(passages)) {
    throw invalid(`The passages of the document "${id}" must be an array of { start, end }.`);
  }
  return passages?.length ?? 1;
}

/** Checks the number of hits. */
export function checkK(k: unknown): number {
  if (Number.isInteger(k) && (k as number) >= 1 && (k as number) <= 1000) return k as number;
  throw invalid(`k is ${k}; it must be a whole number from 1 to 1000.`);
}

/** Checks a range of a text and cuts it to the text's length. */
export function checkRange(start: number, end: number, length: number): { start: number; end: number } {
  if (!isOffset(start) || !isOffset(end) || start > end) {
    throw invalid(`The range ${start} to ${end} needs whole numbers with 0 ≤ start ≤ end.`);
  }
  return { start: Math.min(start, length), end: Math.min(end, length) };
}

/** The error of an argument that is not what it should be. */
export function invalid(message: string): InpageError {
  return new InpageError('invalid-argument', message);
}

function isOffset(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= largestOffset;
}

function isSection(value: unknown): boolean {
  const { level, title, start, end } = (value ?? {}) as Record<string, unknown>;
  return Number.isInteger(level) && typeof title === 'string' && isOffset(start) && isOffset(end);
}
