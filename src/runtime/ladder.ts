// The device ladder: the ways to run a model on a device, the best first, and which of them is worth trying after a failure.
// Pure: what is known comes in as data.
import type { DeviceReport } from '../spec/device.ts';
import type { Device } from '../spec/model.ts';
import type { ErrorCode } from '../util/errors.ts';
import { type DevicePlan, type DeviceWish, fullPrecisionTwin, planDevice } from './device.ts';

/** One way to run a model. */
export interface Step extends DevicePlan {
  /** Context window in tokens, at most; the model's own where undefined. */
  contextTokens?: number;
}

/** What is wanted of the device for a model that may step down. */
export interface LadderWish extends Omit<DeviceWish, 'device'> {
  /** Devices that the library runs on, the best first. @default WebGPU and WASM */
  devices?: readonly Device[];
  /** Context window to begin with, in tokens. @default the model's own */
  contextTokens?: number;
  /** Smaller context windows that the model still makes sense with, the largest first. @default none */
  smallerContexts?: readonly number[];
  /** The library allocates the whole context when it loads, so that a smaller one may load where a larger one does not. */
  allocatesContext?: boolean;
  /** Bytes of the largest buffer that the model needs on the GPU. @default 128 MiB, which every WebGPU device has */
  largestBuffer?: number;
}

/** What is remembered of earlier visits, by the names of steps. */
export interface LadderMemory {
  /** The step that ran. */
  worked?: string;
  /** Steps during whose loading a tab was killed. */
  killed?: readonly string[];
}

/** What a model was doing when it failed. */
export type FailurePhase = 'load' | 'use';

const guaranteedBuffer = 128 * 2 ** 20;

/** Failures that more memory, or asking for less of it, may cure. */
const wantOfMemory: readonly ErrorCode[] = ['out-of-memory', 'device-lost', 'worker-died'];

/** Context windows for devices with up to so many gigabytes of memory, where the browser tells. */
const contextByMemory = [
  { memory: 2, tokens: 2048 },
  { memory: 4, tokens: 4096 },
];

/**
 * The ways to run a model on this device, the best first: WebGPU with float16, with float32, WASM with threads, with one thread;
 * each with smaller and smaller contexts. What earlier visits showed to be in vain is left out.
 * @returns nothing if even the least way killed the tab
 */
export function planSteps(report: DeviceReport, wish: LadderWish, { worked, killed = [] }: LadderMemory = {}): Step[] {
  const steps = allSteps(report, wish);
  const names = steps.map(stepName);
  const start = worked === undefined ? 0 : Math.max(0, names.indexOf(worked));
  const fatal = names.findLastIndex((name) => killed.includes(name));
  if (fatal < start) return steps.slice(start);
  const next = stepAfter(steps, fatal, { code: 'out-of-memory', phase: 'load' }, wish);
  return next < 0 ? [] : steps.slice(next);
}

function allSteps(report: DeviceReport, wish: LadderWish): Step[] {
  const { devices = ['webgpu', 'wasm'], prefer = devices[0], largestBuffer = guaranteedBuffer } = wish;
  const { webgpu } = report;
  const roomy = Math.min(webgpu.maxBufferSize, webgpu.maxStorageBufferBindingSize) >= largestBuffer;
  // The CPU does better than a GPU that it emulates, where the library runs on it.
  const real = webgpu.available && (!webgpu.software || !devices.includes('wasm'));
  const gpu = real && roomy && prefer === 'webgpu' && devices.includes('webgpu');
  const plans: DevicePlan[] = [];
  if (gpu) {
    const best = planDevice(report, { ...wish, device: 'webgpu' });
    const twin = fullPrecisionTwin(best.dtype);
    plans.push(best, ...(twin ? [{ ...best, dtype: twin }] : []));
  }
  if (devices.includes('wasm')) {
    const best = planDevice(report, { ...wish, device: 'wasm' });
    plans.push(best, ...(best.threads > 1 ? [{ ...best, threads: 1 }] : []));
  }
  const contexts = contextSizes(report, wish);
  return plans.flatMap((plan) => contexts.map((contextTokens) => (contextTokens ? { ...plan, contextTokens } : plan)));
}

/** Context windows to try, the largest first; undefined is the model's own. */
function contextSizes({ memory = Number.POSITIVE_INFINITY }: DeviceReport, wish: LadderWish): (number | undefined)[] {
  const { contextTokens, smallerContexts = [] } = wish;
  if (smallerContexts.length === 0) return [contextTokens];
  const most = contextByMemory.find((row) => memory <= row.memory)?.tokens;
  const first = Math.min(contextTokens ?? Number.POSITIVE_INFINITY, most ?? Number.POSITIVE_INFINITY);
  return [first === Number.POSITIVE_INFINITY ? undefined : first, ...smallerContexts.filter((tokens) => tokens < first)];
}

/** Number of the next step after `failed` that may do better, or −1. */
export function stepAfter(
  steps: readonly Step[],
  failed: number,
  { code, phase }: { code: ErrorCode; phase: FailurePhase },
  { allocatesContext = false }: Pick<LadderWish, 'allocatesContext'> = {},
): number {
  const from = steps[failed]!;
  const forMemory = wantOfMemory.includes(code);
  return steps.findIndex((to, index) => {
    if (index <= failed) return false;
    if (forMemory && context(to) > context(from)) return false;
    if (to.device !== from.device) return true;
    if (code === 'device-unavailable') return false;
    // On the same device float32 takes more memory, not less; a smaller context and fewer threads take less.
    if (forMemory)
      return to.dtype === from.dtype && (smallerContext(to, from, phase, allocatesContext) || fewerThreads(to, from));
    return to.dtype !== from.dtype || fewerThreads(to, from);
  });
}

function context({ contextTokens = Number.POSITIVE_INFINITY }: Step): number {
  return contextTokens;
}

function smallerContext(to: Step, from: Step, phase: FailurePhase, allocatesContext: boolean): boolean {
  return context(to) < context(from) && (phase === 'use' || allocatesContext);
}

function fewerThreads(to: Step, from: Step): boolean {
  return to.device === 'wasm' && to.threads < from.threads;
}

/** A name for people and for the memory of earlier visits, like `wasm q8, 4 threads, 2048 tokens`. */
export function stepName({ device, dtype, threads, contextTokens }: Step): string {
  const parts = [`${device} ${dtype}`];
  if (device === 'wasm') parts.push(threads === 1 ? '1 thread' : `${threads} threads`);
  if (contextTokens) parts.push(`${contextTokens} tokens`);
  return parts.join(', ');
}
