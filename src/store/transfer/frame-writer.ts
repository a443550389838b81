// Frame writer: payloads to the bytes of a file, see `format.ts`.
import { murmur3 } from '../../util/hash.ts';
import { deflate } from './deflate.ts';
import { type FrameKind, fileMagic, fileVersion, frameKinds } from './format.ts';

/** Words of what stands before a payload. */
export const frameWords = 4;
export const deflatedFlag = 256;
const largestPiece = 1 << 20;

/** Kinds that get much smaller; vectors and codes are as good as random. */
const worthDeflating: ReadonlySet<FrameKind> = new Set(['header', 'documents', 'text', 'postings', 'positions', 'end']);
const leastDeflated = 512;

export class FrameWriter {
  #frames = 0;

  /** The bytes before the first frame. */
  begin(): Uint8Array {
    return new Uint8Array(Uint32Array.of(fileMagic, fileVersion).buffer);
  }

  /** A frame in pieces of at most 1 MiB, each with a buffer of its own. */
  async *frame(kind: FrameKind, payload: Uint8Array): AsyncGenerator<Uint8Array> {
    const small = worthDeflating.has(kind) && payload.length >= leastDeflated ? await deflate(payload) : undefined;
    const deflated = small !== undefined && small.length < payload.length;
    const bytes = deflated ? small : payload;
    const words = Math.ceil(bytes.length / 4);
    const frame = new Uint32Array(frameWords + words);
    const file = new Uint8Array(frame.buffer);
    file.set(bytes, frameWords * 4);
    const seed = this.#frames++;
    frame.set([frameKinds[kind] + (deflated ? deflatedFlag : 0), bytes.length, murmur3(frame.subarray(frameWords), seed)]);
    frame[3] = murmur3(frame.subarray(0, 3), seed);
    if (file.length <= largestPiece) yield file;
    else for (let at = 0; at < file.length; at += largestPiece) yield file.slice(at, at + largestPiece);
  }

  /** A frame of JSON. */
  json(kind: FrameKind, value: unknown): AsyncGenerator<Uint8Array> {
    return this.frame(kind, new TextEncoder().encode(JSON.stringify(value)));
  }
}
