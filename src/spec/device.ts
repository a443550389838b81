// What the device can do, as data, and what happens when it can do less than hoped.

/** What was found by probing; nothing of it needs a permission. */
export interface DeviceReport {
  webgpu: {
    available: boolean;
    /** The adapter is an emulation on the CPU. */
    software: boolean;
    vendor: string;
    architecture: string;
    features: readonly string[];
    /** Limits of the adapter; sizes in bytes, 0 where there is none. */
    maxBufferSize: number;
    maxStorageBufferBindingSize: number;
    maxStorageBuffersPerShaderStage: number;
    maxComputeWorkgroupStorageSize: number;
    maxComputeInvocationsPerWorkgroup: number;
  };
  wasm: {
    simd: boolean;
    /** Relaxed SIMD, which some kernels use for dot products. */
    relaxedSimd: boolean;
    /** Memories of more than 4 GiB. */
    memory64: boolean;
    /** WASM can wait for promises (JavaScript Promise Integration). */
    jspi: boolean;
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
    /** The browser will not evict this origin by itself; undefined where it does not tell. */
    persisted?: boolean;
    /** Bytes; undefined where the browser does not tell. */
    quota?: number;
    usage?: number;
  };
}

/** One way of running a model failed on this device, and a lesser one is tried instead. */
export interface StepDown {
  /** The model, or several in order of preference. */
  model: string;
  /** What failed and what follows: ways to run one model, like `webgpu q4f16` and `wasm q8`, or the names of two models. */
  from: string;
  to: string;
  /** Code of the error, one of `errorCodes`. */
  code: string;
  /** What happened and what follows, in words. */
  message: string;
}
