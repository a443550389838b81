// The models that inpage knows how to run best, and how a user's choice becomes a request to a worker.
import type { EmbeddingSettings } from '../embed/transformers-embedder.ts';
import { absoluteSource } from '../runtime/download/place.ts';
import type { LadderWish } from '../runtime/ladder.ts';
import type { ModelRequest } from '../runtime/model-request.ts';
import type { StepDown } from '../spec/device.ts';
import type { Device, DownloadPlan, Dtype, ModelSource } from '../spec/model.ts';
import type { InpageError } from '../util/errors.ts';
import type { Patience } from './patience.ts';

/** Used where none is named; both lie in the project's `models/` folder. */
export const defaultModels = { llm: 'SmolLM2-135M-Instruct', embedder: 'all-MiniLM-L6-v2' } as const;

/** Which file to take on which device. */
interface KnownModel extends EmbeddingSettings {
  dtypes: Partial<Record<Device, Dtype>>;
  /** The device that is faster for these files. */
  prefer?: Device;
}

const known: Record<string, KnownModel> = {
  // Its only file is dynamic int8, much of which WebGPU leaves to the CPU.
  'SmolLM2-135M-Instruct': { dtypes: { wasm: 'q8', webgpu: 'q8' }, prefer: 'wasm' },
  'all-MiniLM-L6-v2': { dtypes: { wasm: 'q8', webgpu: 'q4' } },
};

/** Options common to the models that run in a worker. */
export interface ModelOptions {
  /** Folder name under `source.base`, or id on `source.host`. */
  model?: string;
  /** @default { base: '/models/' } */
  source?: ModelSource;
  /** `auto` takes the best device, and a lesser one where that fails; one that is named is used, or an error. @default 'auto' */
  device?: 'auto' | Device;
  /** File variant, for all devices or by device. @default by model */
  dtype?: Dtype | Partial<Record<Device, Dtype>>;
  /** Context window in tokens, at most. @default the model's own, or less where there is little memory */
  contextTokens?: number;
  /** Asked before anything is downloaded; `false` rejects with `download-declined`. */
  confirmDownload?: (plan: DownloadPlan) => boolean | Promise<boolean>;
  /** Called when the worker ended unexpectedly and no call is made again for it; the next call starts a new one. */
  onWorkerDeath?: (error: InpageError) => void;
  /** Called when the worker ended unexpectedly, and what it had not begun to answer is being answered by a new one. */
  onRecover?: (error: InpageError) => void;
  /**
   * Longest time in ms that the worker may make no progress; then it is ended with the error `no-progress`, or recovered from.
   * `false` waits forever.
   * @default { start: 60_000, load: 180_000, prefill: 60_000, decode: 30_000, embed: 60_000 }; ten times as long on an emulated GPU,
   *   and more for long prompts
   */
  watchdog?: false | Partial<Patience>;
  /**
   * Tabs of one origin that want the same model in the same way share one, which runs in one of them. Where the browser has no Web
   * Locks, and with `createWorker`, each has its own.
   * @default true
   */
  shareTabs?: boolean;
  /** Called when the device could not do what was tried first. */
  onStepDown?: (event: StepDown) => void;
  /** Starts the worker in another way, e.g. from a URL of one's own. */
  createWorker?: () => Worker;
}

/** The worker's request, with absolute places: a worker has another base than its page. */
export function modelRequest(model: string, options: ModelOptions): ModelRequest {
  const { source, device = 'auto', contextTokens } = options;
  return { model, source: absoluteSource(source), device, contextTokens, ...preferences(model, options) };
}

/** What a model wants of the device that it runs on. */
export function ladderWish(model: string, options: ModelOptions): LadderWish {
  return { contextTokens: options.contextTokens, ...preferences(model, options) };
}

function preferences(model: string, { dtype }: ModelOptions): Pick<ModelRequest, 'dtypes' | 'prefer'> {
  const { dtypes, prefer } = known[model] ?? {};
  return { dtypes: typeof dtype === 'string' ? { wasm: dtype, webgpu: dtype } : { ...dtypes, ...dtype }, prefer };
}

/** How a known embedding model is to be used. */
export function knownEmbedding(model: string): EmbeddingSettings {
  const { pooling, normalized, prefix, maxTokens } = known[model] ?? {};
  return { pooling, normalized, prefix, maxTokens };
}
