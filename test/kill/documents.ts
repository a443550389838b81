// Documents of the kill tests: text, passages and vectors that follow from a version.
import type { EmbeddingSpace } from '../../src/spec/embedder.ts';
import type { ChunkSpan, DocumentHead, DocumentWriter, Store } from '../../src/spec/store.ts';
import { createRandom } from '../../src/util/random.ts';
import { fixtureDocuments, fixtureSpace } from '../fixtures/format-1/documents.ts';
import type { Version } from './plan.ts';

/** A document with everything that a store is given of it. */
export interface KillDocument {
  head: DocumentHead;
  text: string;
  spans: ChunkSpan[];
  vectors: Float32Array;
}

/** The space of the collections that do not begin with the fixture. */
export const killSpace: EmbeddingSpace = { ...fixtureSpace, model: 'kill/model', dimension: 32 };

/** Passages of a document and units of each; a `long` text and `many` passages are more than a store keeps before it commits. */
const shapes = {
  few: { passages: 3, length: 60 },
  small: { passages: 12, length: 60 },
  middle: { passages: 40, length: 2000 },
  long: { passages: 130, length: 10_000 },
  many: { passages: 9000, length: 8 },
};

const words = 'river stone cloud amber falcon winter bridge copper silent garden 漢字 😀 Straße naïve ไทย'.split(' ');

let fixture: Map<string, KillDocument> | undefined;

/** The document of a version; always the same. */
export function createKillDocument({ id, kind, version }: Version, dimension: number): KillDocument {
  if (kind === 'fixture') {
    fixture ??= new Map(fixtureDocuments().map((document) => [document.head.id, document]));
    return fixture.get(id)!;
  }
  const random = createRandom(version * 7919);
  const shape = shapes[kind];
  const passages = kind === 'small' ? Math.floor(random() * shape.passages) : shape.passages;
  const spans: ChunkSpan[] = [];
  let text = '';
  for (let passage = 0; passage < passages; passage++) {
    const start = text.length;
    text += createPassage(random, shape.length, `${passage} `);
    spans.push({ start, end: text.length });
  }
  const vectors = new Float32Array(passages * dimension);
  for (let row = 0; row < passages; row++) writeVector(random, vectors.subarray(row * dimension, (row + 1) * dimension));
  const metadata = { version, kind, tags: [`tag${version % 3}`] };
  const sections = [{ level: 1, title: `Of ${version}`, start: 0, end: text.length }];
  return {
    head: { id, title: `Title ${id} ${version}`, mediaType: 'text/plain', metadata, hash: hashOf(kind, version), sections },
    text,
    spans,
    vectors,
  };
}

/** The digest that a version is given, which tells it from others. */
export function hashOf(kind: Version['kind'], version: number): string {
  return `${kind} ${version}`;
}

/** Fills in a unit vector, and gives it. */
export function writeVector(random: () => number, vector: Float32Array): Float32Array {
  for (let index = 0; index < vector.length; index++) vector[index] = random() - 0.5;
  const length = Math.hypot(...vector);
  for (let index = 0; index < vector.length; index++) vector[index]! /= length;
  return vector;
}

/** Writes a document piece by piece, as an ingest does. */
export async function writeDocument(store: Store, { head, text, spans, vectors }: KillDocument): Promise<void> {
  const writer: DocumentWriter = await store.write(head);
  const dimension = vectors.length / Math.max(1, spans.length);
  let written = 0;
  for (let at = 0; at < spans.length; at += 500) {
    const part = spans.slice(at, at + 500);
    for (const end = part.at(-1)!.end; written < end; written += 100_000)
      await writer.text(text.slice(written, Math.min(written + 100_000, text.length)));
    await writer.chunks(part, vectors.slice(at * dimension, (at + part.length) * dimension));
  }
  await writer.text(text.slice(written));
  await writer.commit();
}

/** A few words again and again: long texts must cost little to make. */
function createPassage(random: () => number, length: number, start: string): string {
  let piece = start;
  while (piece.length < Math.min(length, 200)) piece += `${words[Math.floor(random() * words.length)]} `;
  return piece
    .repeat(Math.ceil(length / piece.length))
    .slice(0, length - 1)
    .concat('\n');
}
