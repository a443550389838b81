// What the device can do, as data.

/** What was found by probing; nothing of it needs a permission. */
export interface DeviceReport {
  webgpu: {
    available: boolean;
    /** The adapter is an emulation on the CPU. */
    software: boolean;
    vendor: string;
    architecture: string;
    features: readonly string[];
    /** Bytes. */
    maxBufferSize: number;
    maxStorageBufferBindingSize: number;
  };
  wasm: {
    simd: boolean;
    /** Threads can be used: the page is cross-origin isolated. */
    threads: boolean;
  };
  crossOriginIsolated: boolean;
  /** Logical cores. */
  cores: number;
  /** Gigabytes, rounded by the browser; undefined where it does not tell. */
  memory?: number;
  storage: {
    indexedDb: boolean;
    /** Bytes; undefined where the browser does not tell. */
    quota?: number;
    usage?: number;
  };
}
