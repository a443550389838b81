// Scan part: what of a segment takes part in a scan by the GPU.

export interface ScanPart {
  /** What the codes were put under. */
  segment: object;
  /** Position of the first row. */
  first: number;
  /** One for each query: dot(query, centroid). */
  offsets: Float64Array;
  /** See `Kernel.scanCodes`. */
  mask?: Uint16Array;
}
