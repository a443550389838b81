// Size of passages.

/** Size of passages, in estimated tokens. */
export interface ChunkSize {
  /** Upper size of a passage, 16–2048. */
  maxTokens: number;
  /** Shared by neighbours, 0 to below `maxTokens`. */
  overlap: number;
}
