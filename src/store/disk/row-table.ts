// Row table: which passage each row of a segment is.
// The rows of a document lie together (a run). Varints: number of runs; for each run the step from the ordinal before, its rows and
// its first passage; for each row the signed step from the end of the row before to its start, and its length.
import { ByteReader, ByteWriter } from '../varint.ts';

/** Documents of a segment, in the order of its rows; ordinals ascend. */
export interface Runs {
  /** One a run. */
  ordinals: Uint32Array;
  /** First row of each run, and at last the number of rows. */
  starts: Uint32Array;
  /** Number of the passage that the first row of each run is; the others follow it. */
  chunks: Uint32Array;
}

/** Runs with the place of each row in its document's text: start and end in turn, UTF-16 code units. */
export interface RowTable extends Runs {
  spans: Uint32Array;
}

export function encodeRowTable({ ordinals, starts, chunks, spans }: RowTable): Uint8Array {
  const writer = new ByteWriter();
  writer.varint(ordinals.length);
  for (let run = 0; run < ordinals.length; run++) {
    writer.varint(ordinals[run]! - (run > 0 ? ordinals[run - 1]! : 0));
    writer.varint(starts[run + 1]! - starts[run]!);
    writer.varint(chunks[run]!);
  }
  let run = 0;
  let before = 0;
  for (let row = 0; row * 2 < spans.length; row++) {
    if (row === starts[run + 1]) {
      run++;
      before = 0;
    }
    const [start, end] = [spans[row * 2]!, spans[row * 2 + 1]!];
    writer.signed(start - before);
    writer.varint(end - start);
    before = end;
  }
  return writer.view();
}

/** Decodes the runs only; `spans` decodes the rest when it is first called, and keeps it. */
export function decodeRowTable(bytes: Uint8Array): { runs: Runs; spans: () => Uint32Array } {
  const reader = new ByteReader(bytes);
  const count = reader.varint();
  const ordinals = new Uint32Array(count);
  const starts = new Uint32Array(count + 1);
  const chunks = new Uint32Array(count);
  for (let run = 0, ordinal = 0; run < count; run++) {
    ordinal += reader.varint();
    ordinals[run] = ordinal;
    starts[run + 1] = starts[run]! + reader.varint();
    chunks[run] = reader.varint();
  }
  let spans: Uint32Array | undefined;
  return {
    runs: { ordinals, starts, chunks },
    spans: () => {
      spans ??= decodeSpans(reader, starts);
      return spans;
    },
  };
}

function decodeSpans(reader: ByteReader, starts: Uint32Array): Uint32Array {
  const rows = starts.at(-1)!;
  const spans = new Uint32Array(rows * 2);
  let run = 0;
  let before = 0;
  for (let row = 0; row < rows; row++) {
    if (row === starts[run + 1]) {
      run++;
      before = 0;
    }
    const start = before + reader.signed();
    before = start + reader.varint();
    spans[row * 2] = start;
    spans[row * 2 + 1] = before;
  }
  return spans;
}
