// Ingest: progress and outcome of adding documents.
import type { DocumentRecord } from './store.ts';

/** State of an `add` call. */
export interface IngestProgress {
  phase: 'read' | 'embed' | 'store';
  /** Title of the document at work. */
  document: string;
  /** Sources finished and handed in. */
  sourcesDone: number;
  sourcesTotal: number;
  /** Passages embedded so far in this call. */
  chunksDone: number;
  chunksPerSecond: number;
}

/** A source that could not be added. `source` is its position in the call. */
export interface IngestFailure {
  source: number;
  name: string;
  error: Error;
}

/** What `add` did. */
export interface AddResult {
  /** New or changed documents, durable. */
  added: DocumentRecord[];
  /** Ids of documents that were there already, unchanged. */
  unchanged: string[];
}
