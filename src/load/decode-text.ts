// Bytes to text, in pieces: byte order marks, declared encodings, legacy files, and the refusal of what is not text.
import type { CapturedSource } from '../spec/document.ts';
import { abortable } from '../util/async.ts';
import { codePointStart } from '../util/characters.ts';
import { InpageError, isAbort } from '../util/errors.ts';
import { capturedName } from './source-name.ts';

/** A source whose content is at hand. */
export type ReadableSource = Extract<CapturedSource, { kind: 'text' | 'blob' }>;

/** Bytes looked at to tell the encoding; also the longest piece of text, in UTF-16 code units. */
const pieceLength = 65_536;

/** Narrows to a source whose content is at hand. @throws InpageError `unsupported-source` */
export function readable(source: CapturedSource): ReadableSource {
  if (source.kind === 'text' || source.kind === 'blob') return source;
  throw new InpageError(
    'unsupported-source',
    `${capturedName(source)} must be fetched or listed before it is read. Use loadSource.`,
  );
}

/**
 * The text of a source in pieces of bounded length, without a byte order mark.
 * @throws InpageError `invalid-document` as soon as a piece is not text; AbortError
 */
export async function* textPieces(source: ReadableSource, signal?: AbortSignal): AsyncGenerator<string> {
  signal?.throwIfAborted();
  if (source.kind === 'text') {
    yield* slices(source.text.startsWith('\ufeff') ? source.text.slice(1) : source.text, source);
    return;
  }
  const decoder = new TextDecoder(await abortable(detectEncoding(source), signal));
  const reader = source.blob.stream().getReader() as ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  try {
    for (;;) {
      const { done, value } = await abortable(reader.read(), signal);
      yield* slices(decoder.decode(value, { stream: !done }), source);
      signal?.throwIfAborted();
      if (done) return;
    }
  } catch (error) {
    throw InpageError.is(error) || isAbort(error) || signal?.aborted ? error : unreadable(source, error);
  } finally {
    // Also after an early end by the consumer; a stream that has failed has nothing to cancel.
    reader.cancel().catch(() => {});
  }
}

/** The whole text; for formats that cannot be read in pieces. */
export async function wholeText(source: ReadableSource, signal?: AbortSignal): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of textPieces(source, signal)) pieces.push(piece);
  return pieces.join('');
}

/** The bytes of a source. */
export async function sourceBytes(source: ReadableSource, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  if (source.kind === 'text') return new TextEncoder().encode(source.text);
  try {
    return new Uint8Array(await abortable(source.blob.arrayBuffer(), signal));
  } catch (error) {
    throw isAbort(error) || signal?.aborted ? error : unreadable(source, error);
  }
}

/** The error of a file that the browser cannot read any more. */
export function unreadable(source: ReadableSource, cause: unknown): InpageError {
  return new InpageError(
    'invalid-document',
    `${capturedName(source)} could not be read; it may have been moved or changed. Choose it again.`,
    { cause },
  );
}

function* slices(text: string, source: ReadableSource): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = codePointStart(text, Math.min(text.length, at + pieceLength));
    const piece = text.slice(at, end);
    if (isBinary(piece)) {
      throw new InpageError(
        'invalid-document',
        `${capturedName(source)} is not text: it contains binary data. Convert it to text, Markdown, HTML or PDF.`,
      );
    }
    yield piece;
    at = end;
  }
}

/** Whether a piece of decoded text can only come from something that is not text. */
export function isBinary(text: string): boolean {
  let controls = 0;
  let undecodable = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0) return true;
    if (code < 32 && (code < 9 || code > 13) && code !== 27) controls++;
    else if (code === 0xfffd) undecodable++;
  }
  return (controls > 3 && controls > text.length / 50) || (undecodable > 3 && undecodable > text.length / 10);
}

const charsetOfType = /charset\s*=\s*["']?([^\s"';]+)/i;
const charsetOfHtml = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i;

async function detectEncoding({ blob, mediaType }: Extract<ReadableSource, { kind: 'blob' }>): Promise<string> {
  const sample = new Uint8Array(await blob.slice(0, pieceLength).arrayBuffer());
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return 'utf-8';
  const type = `${mediaType ?? ''};${blob.type}`;
  const declared = charsetOfType.exec(type)?.[1] ?? (/html/.test(type) ? htmlCharset(sample) : undefined);
  if (declared && isEncoding(declared)) return declared;
  // No valid character beyond ASCII, but invalid ones: a file from before UTF-8.
  const text = new TextDecoder().decode(sample, { stream: true });
  const foreign = text.match(/[^\p{ASCII}]/gu);
  return foreign?.every((character) => character === '\ufffd') && !isBinary(text) ? 'windows-1252' : 'utf-8';
}

function htmlCharset(sample: Uint8Array): string | undefined {
  return charsetOfHtml.exec(new TextDecoder('latin1').decode(sample.subarray(0, 4_096)))?.[1];
}

function isEncoding(label: string): boolean {
  try {
    return Boolean(new TextDecoder(label));
  } catch {
    return false;
  }
}
