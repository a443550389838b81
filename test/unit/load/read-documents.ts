// Loads a source to the end, for tests.
import { loadSource } from '../../../src/load/load-source.ts';
import type { CallOptions } from '../../../src/spec/call.ts';
import type { CapturedSource, LoadedDocument } from '../../../src/spec/document.ts';

export type ReadDocument = Omit<LoadedDocument, 'text'> & { text: string };

/** All documents of a source, their texts read. */
export async function readDocuments(source: CapturedSource, options?: CallOptions): Promise<ReadDocument[]> {
  const documents: ReadDocument[] = [];
  for await (const document of loadSource(source, options)) {
    let text = '';
    for await (const piece of document.text) text += piece;
    documents.push({ ...document, text });
  }
  return documents;
}

/** The only document of a source. */
export async function readDocument(source: CapturedSource, options?: CallOptions): Promise<ReadDocument> {
  const [document, ...others] = await readDocuments(source, options);
  if (!document || others.length > 0) throw new Error(`One document was expected, not ${others.length + (document ? 1 : 0)}.`);
  return document;
}

/** A file as captured. */
export function fileOf(name: string, content: BlobPart, type = ''): CapturedSource {
  return { kind: 'blob', blob: new Blob([content], { type }), name };
}
