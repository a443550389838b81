// Frame reader: the bytes of a file to checked payloads, see `format.ts`.
import { InpageError } from '../../util/errors.ts';
import { murmur3 } from '../../util/hash.ts';
import type { ByteSource } from './byte-source.ts';
import { inflate } from './deflate.ts';
import { damagedFile, type FrameKind, fileMagic, fileVersion, foreignFile, frameKinds, newerFile } from './format.ts';
import { deflatedFlag, frameWords } from './frame-writer.ts';

const kindNames = new Map<number, FrameKind>(Object.entries(frameKinds).map(([name, kind]) => [kind, name as FrameKind]));

/** More than any frame needs; what claims to be longer is not read at all. */
const largestFrame = 1 << 28;

/** A frame that is as it was written. */
export interface Frame {
  kind: FrameKind;
  /** Starts at a multiple of four bytes of its buffer. */
  payload: Uint8Array;
}

export class FrameReader {
  readonly #source: ByteSource;
  #frames = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Reads what stands before the first frame. @throws InpageError `invalid-document` for another kind of file, `format-unsupported` */
  async begin(): Promise<void> {
    const words = new Uint32Array(2);
    const bytes = await this.#source.read(new Uint8Array(words.buffer));
    if (bytes === 0) throw damagedFile('it is empty');
    if (bytes < words.byteLength || words[0] !== fileMagic) throw foreignFile();
    if (words[1]! > fileVersion) throw newerFile(words[1]!);
    if (words[1] !== fileVersion) throw damagedFile(`its version is ${words[1]}`);
  }

  /** @throws InpageError `data-corrupt` for a frame that is damaged or missing */
  async next(): Promise<Frame> {
    const seed = this.#frames++;
    const head = new Uint32Array(frameWords);
    await this.#fill(new Uint8Array(head.buffer));
    const [type, length, sum] = head as unknown as [number, number, number];
    if (murmur3(head.subarray(0, 3), seed) !== head[3] || length > largestFrame)
      throw damagedFile(`part ${seed} does not begin as it should`);
    const words = new Uint32Array(Math.ceil(length / 4));
    await this.#fill(new Uint8Array(words.buffer));
    if (murmur3(words, seed) !== sum) throw damagedFile(`part ${seed} fails its checksum`);
    const kind = kindNames.get(type & 255);
    if (!kind || type > deflatedFlag + 255) throw damagedFile(`part ${seed} is of an unknown kind`);
    const stored = new Uint8Array(words.buffer, 0, length);
    return { kind, payload: type & deflatedFlag ? await unpack(stored, seed) : stored };
  }

  /** Checks that nothing follows. */
  async end(): Promise<void> {
    if ((await this.#source.read(new Uint8Array(1))) > 0) throw damagedFile('something follows its end');
  }

  async #fill(target: Uint8Array): Promise<void> {
    if ((await this.#source.read(target)) < target.length) throw damagedFile('it ends too early');
  }
}

/** The JSON of a frame. */
export function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch (cause) {
    throw damagedFile('a part of it is not JSON', cause);
  }
}

async function unpack(stored: Uint8Array, seed: number): Promise<Uint8Array> {
  try {
    return await inflate(stored);
  } catch (error) {
    throw InpageError.is(error) ? error : damagedFile(`part ${seed} cannot be unpacked`, error);
  }
}
