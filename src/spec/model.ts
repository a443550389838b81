// Names a model, where it comes from and how far its loading is.

/** Where a model runs. */
export type Device = 'webgpu' | 'wasm';

/** Where the work of a model is done: on this device, by the browser's own model, or by a server. */
export type Runtime = Device | 'browser' | 'remote';

/** File variant of a model, as transformers.js names them. */
export type Dtype = 'fp32' | 'fp16' | 'q8' | 'int8' | 'uint8' | 'q4' | 'q4f16' | 'bnb4';

/** Where model files come from. */
export interface ModelSource {
  /**
   * A folder with one subfolder a model (`<base>/<id>/config.json` …); relative to the page.
   * @default '/models/'
   */
  base?: string;
  /** A hub host instead of a folder, e.g. `https://huggingface.co`. */
  host?: string;
  /** Branch, tag or commit on the hub. @default 'main' */
  revision?: string;
}

/** One file of a download. */
export interface ModelFile {
  /** Path within the model, e.g. `onnx/model_quantized.onnx`. */
  path: string;
  url: string;
  /** Size in bytes, where known. */
  bytes?: number;
  /** Hex digest, where known; the file is refused if it differs. */
  sha256?: string;
  /** Bytes of it that an interrupted download has left, and that need not come again. */
  stored?: number;
}

/** What must be downloaded before a model can run. */
export interface DownloadPlan {
  model: string;
  /** Files not in the cache yet. */
  files: readonly ModelFile[];
  /** What will be fetched: sum of the known sizes, without what is stored already. */
  bytes: number;
}

/** A model in the browser storage. */
export interface CachedModel {
  model: string;
  /** Where it came from, with absolute addresses. */
  source: ModelSource;
  /** Bytes that it takes. */
  bytes: number;
  /** Number of its files. */
  files: number;
  /** False where a download was interrupted: it goes on with the next load. */
  complete: boolean;
}

/** State of loading a model, or before that the index; `download` and `index` come once a piece. */
export type LoadProgress =
  /** Bytes of the index, unpacked. */
  | { phase: 'index'; loaded: number; total: number }
  | { phase: 'probe' }
  | {
      phase: 'download';
      model: string;
      file: string;
      /** Bytes of this file that are here; another tab may be the one that downloads it. */
      loaded: number;
      total?: number;
      /** Bytes of the whole plan; what was stored before is not among them. */
      planLoaded: number;
      planTotal: number;
    }
  /** The files are here and the model starts; `done` is the share of that, 0–1, where the library tells. */
  | { phase: 'compile'; model: string; device: Runtime; done?: number }
  | { phase: 'ready'; model: string; device: Runtime };
