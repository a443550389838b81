// The ways to run one model on this device: probed, planned, and remembered from visit to visit.
import { probeDevice } from '../runtime/device.ts';
import { type LadderWish, planSteps, type Step, stepAfter, stepName } from '../runtime/ladder.ts';
import { machineName, recallStep, rememberStep } from '../runtime/ladder-memory.ts';
import { killedLoads, type Load, markLoad } from '../runtime/load-marker.ts';
import type { ModelRequest } from '../runtime/model-request.ts';
import type { Device, LoadProgress } from '../spec/model.ts';
import { type ErrorCode, InpageError } from '../util/errors.ts';
import { Ladder, type LadderPlan, type Loadable, type Rung } from './ladder.ts';
import type { ModelOptions } from './models.ts';

export interface DeviceLadderOptions<M> {
  wish: LadderWish;
  /** Makes the model for one way, or as its options name it; nothing may be loaded before its `load`. */
  make: (step?: Step) => M;
}

/** Failures that another way of running the model may cure. */
const ofTheDevice: readonly ErrorCode[] = [
  'device-unavailable',
  'device-lost',
  'out-of-memory',
  'model-load-failed',
  'no-progress',
  'worker-failed',
  'worker-died',
  'generation-failed',
];

/** Whether an error is of the device, not of the caller, the network or the model's files. */
export function isDeviceFailure(code: ErrorCode): boolean {
  return ofTheDevice.includes(code);
}

/**
 * Makes the ladder of a model; the device is probed at the first call. A device that was named is the only rung.
 * @param name what is remembered goes by it
 */
export function deviceLadder<M extends Loadable<Info>, Info>(
  name: string,
  { device = 'auto', onStepDown }: Pick<ModelOptions, 'device' | 'onStepDown'>,
  options: DeviceLadderOptions<M>,
): Ladder<M, Info> {
  const plan =
    device === 'auto' ? () => planned<M, Info>(name, options, onStepDown) : async () => single<M, Info>(device, options);
  return new Ladder({ model: name, plan, onStepDown });
}

function single<M extends Loadable<Info>, Info>(device: Device, { make }: DeviceLadderOptions<M>): LadderPlan<M, Info> {
  return { rungs: [{ name: device, model: make() }], after: () => -1, load: ({ model }, call) => model.load(call) };
}

async function planned<M extends Loadable<Info>, Info>(
  model: string,
  { wish, make }: DeviceLadderOptions<M>,
  onStepDown: ModelOptions['onStepDown'],
): Promise<LadderPlan<M, Info>> {
  const report = await probeDevice();
  const machine = machineName(report);
  const [worked, killed] = await Promise.all([recallStep(model, machine), killedLoads(model, machine)]);
  const steps = planSteps(report, wish, { worked, killed });
  if (steps.length === 0) throw nothingLeft(model, killed);
  if (killed.length > 0) {
    const [from, to] = [killed.at(-1)!, stepName(steps[0]!)];
    const message = `The tab was ended while "${model}" was loading as ${from}, perhaps for want of memory; ${to} is tried instead.`;
    onStepDown?.({ model, from, to, code: 'out-of-memory', message });
  }
  let known = worked;
  return {
    rungs: steps.map((step) => ({ name: stepName(step), model: make(step) })),
    after: (failed, failure) => (isDeviceFailure(failure.code) ? stepAfter(steps, failed, failure, wish) : -1),
    async load(rung, call) {
      const info = await loadMarked(rung, call, { model, machine, step: rung.name });
      if (known !== rung.name) void rememberStep(model, machine, rung.name);
      known = rung.name;
      return info;
    },
  };
}

/** Loads; for as long as that may take the tab's life a marker says so. */
async function loadMarked<Info>(
  { model }: Rung<Loadable<Info>>,
  { signal, onProgress }: Parameters<LadderPlan<unknown, Info>['load']>[1],
  load: Load,
): Promise<Info> {
  let marker: Promise<() => void> | undefined;
  try {
    return await model.load({
      signal,
      onProgress: (progress: LoadProgress) => {
        if (progress.phase === 'compile') marker ??= markLoad(load);
        onProgress?.(progress);
      },
    });
  } finally {
    void marker?.then((clear) => clear());
  }
}

function nothingLeft(model: string, killed: readonly string[]): InpageError {
  if (killed.length === 0) {
    return new InpageError(
      'device-unavailable',
      `"${model}" needs WebGPU, which this browser does not offer with the memory it takes. Name a second model in \`llm: […]\`.`,
      { detail: { model } },
    );
  }
  return new InpageError(
    'out-of-memory',
    `The tab was ended while "${model}" was loading as ${killed.at(-1)}, perhaps for want of memory, and there is no lesser way. Use a smaller model; a second call tries this one again.`,
    { detail: { model, step: killed.at(-1) } },
  );
}

/** The request for one way; as it is without one. */
export function requestAt(request: ModelRequest, step: Step | undefined): ModelRequest {
  if (!step) return request;
  const { device, dtype, threads, contextTokens } = step;
  return { ...request, device, dtypes: { [device]: dtype }, threads, contextTokens };
}
