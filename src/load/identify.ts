// Identity and title of a document.
import type { LoadedDocument } from '../spec/document.ts';
import { InpageError } from '../util/errors.ts';
import { createDigest } from '../util/sha256.ts';
import { type ReadableSource, sourceBytes, textPieces } from './decode-text.ts';
import { capturedName } from './source-name.ts';

/** Hex digits of a digest that stand for a text: 16 bytes. */
const digestLength = 32;

/** Media type without parameters. */
export function baseType(mediaType: string): string {
  return mediaType.split(';', 1)[0]!.trim().toLowerCase();
}

/**
 * Everything of a document but its text. The id is the one given, else the file's name, else the title of a text, else a
 * digest of the content.
 * @param found what the loader has read out of the document; what the source says goes first
 */
export async function identify(
  source: ReadableSource,
  found: { title?: string; url?: string; mediaType: string; metadata?: LoadedDocument['metadata'] },
  signal?: AbortSignal,
): Promise<Omit<LoadedDocument, 'text' | 'sections'>> {
  const name = source.kind === 'blob' ? source.name : undefined;
  const url = source.kind === 'text' ? (source.url ?? found.url) : found.url;
  return {
    id: source.id ?? (name || (source.kind === 'text' ? source.title : undefined)) ?? (await contentDigest(source, signal)),
    title: source.title ?? (found.title?.trim() || name?.split('/').at(-1) || capturedName(source)),
    ...(url && { url }),
    mediaType: found.mediaType,
    metadata: { ...found.metadata, ...source.metadata },
  };
}

async function contentDigest(source: ReadableSource, signal?: AbortSignal): Promise<string> {
  const digest = createDigest();
  if (source.kind === 'text') for await (const piece of textPieces(source, signal)) digest.update(piece);
  else digest.update(await sourceBytes(source, signal));
  return digest.hex().slice(0, digestLength);
}

/** Text as a loader gives it, in pieces. */
export async function* inPieces(text: string): AsyncGenerator<string> {
  yield* textPieces({ kind: 'text', text, mediaType: 'text/plain' });
}

/** The error of a document without text. */
export function emptyDocument(source: ReadableSource, hint = 'Leave it out, or check that it is the right one.'): InpageError {
  return new InpageError('document-empty', `There is no text in ${capturedName(source)}. ${hint}`);
}
