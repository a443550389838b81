// Deflate (RFC 1950), as the platform has it.
import { InpageError } from '../../util/errors.ts';

/** Smaller bytes for the same; undefined where the platform cannot. */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  if (typeof CompressionStream === 'undefined') return undefined;
  return pass(bytes, new CompressionStream('deflate'));
}

/**
 * What {@link deflate} was given.
 * @throws TypeError for bytes that are not deflated; InpageError `format-unsupported` where the platform cannot
 */
export async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  if (typeof DecompressionStream === 'undefined') {
    throw new InpageError(
      'format-unsupported',
      'This browser cannot unpack the file (no DecompressionStream). Update the browser.',
    );
  }
  return pass(bytes, new DecompressionStream('deflate'));
}

async function pass(bytes: Uint8Array, { readable, writable }: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const writer = writable.getWriter();
  // What is wrong with the bytes is met when the result is read.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  return new Uint8Array(await new Response(readable).arrayBuffer());
}
