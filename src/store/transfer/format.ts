// Format of the file that holds a collection, version 1. All numbers are little-endian.
//
//   file    magic "INPX", version (32-bit words), then frames
//   frame   four 32-bit words: kind (its lowest byte; + 256 where the payload is deflated), bytes of the payload as it lies in the
//           file, checksum of the payload, checksum of these three words; then the payload, filled up with zeros to whole words.
//           Checksums are MurmurHash3 with the number of the frame in the file as their seed, so that no frame can be left out,
//           come twice or change its place.
//
// Frames come in this order, each kind as often as needed:
//   header     JSON: see `FileHeader`
//   documents  JSON: an array of documents as `file-document.ts` packs them. In what follows a document is named by its place among
//              all of them, from 0; its `order` is its place in the order of their commits
//   text       JSON: an array of [document, block, text], in order: a text is cut every `blockUnits` UTF-16 code units
//   segments, each of four frames:
//     head       codes and row table, as `segment-head.ts` has them, under the number of the segment in the file, from 0
//     rows       signed bytes, rows × dimension
//     postings   lexical index, see `lexical/layout.ts`
//     positions  what phrases need of it
//   end        JSON: `FileTotals`; nothing follows
//
// Vectors, codes and lexical indexes are those of the collection, so what is found in a copy is what is found in the original.
import type { EmbeddingSpace } from '../../spec/embedder.ts';
import { InpageError } from '../../util/errors.ts';

export const fileMagic = 0x58504e49; // "INPX"
export const fileVersion = 1;

/** Kinds of frames, in the order in which they come. */
export const frameKinds = { header: 1, documents: 2, text: 3, head: 4, rows: 5, postings: 6, positions: 7, end: 8 } as const;
export type FrameKind = keyof typeof frameKinds;

/** What the end says must have come. */
export interface FileTotals {
  documents: number;
  /** Passages. */
  chunks: number;
  segments: number;
}

/** What the first frame says. */
export interface FileHeader extends FileTotals {
  /** Digest of the space and of all documents: files with equal ones hold the same. */
  id: string;
  space: EmbeddingSpace;
  /** About how many bytes follow, before they are deflated; for progress. */
  bytes: number;
}

/** The error of a file that something else has made. */
export function foreignFile(): InpageError {
  return new InpageError(
    'invalid-document',
    'This is not a file with an inpage collection: it does not begin like one. Import a file that export() or "npx inpage build" has made; ' +
      'documents are added with add().',
  );
}

/** The error of a file of a later version. */
export function newerFile(found: number): InpageError {
  return new InpageError(
    'format-unsupported',
    `The file has version ${found}, and this version of inpage reads up to ${fileVersion}. Update inpage, or make the file again with this version.`,
    { detail: { found, supported: fileVersion } },
  );
}

/** The error of a file that is not as it was written. */
export function damagedFile(what: string, cause?: unknown): InpageError {
  return new InpageError(
    'data-corrupt',
    `The file is damaged or not complete: ${what}. Nothing was imported. Get it again from where it comes, or export or build it anew.`,
    { cause },
  );
}
