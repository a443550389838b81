// Chooses the kernel that is fastest here, by measuring those that can run.
import { InpageError } from '../../util/errors.ts';
import { createRandom } from '../../util/random.ts';
import { codeBytes, groupRows, type Kernel } from './kernel.ts';
import { createScalarKernel } from './scalar-kernel.ts';
import { createSimdKernel } from './simd-kernel.ts';
import { compileSimd } from './simd-module.ts';

/** Nanoseconds that a scan of codes takes for one row, by kernel; a kernel that cannot run here is missing. */
export type KernelTimes = Partial<Record<Kernel['name'], number>>;

/** The kernel that was chosen. */
export interface OpenedKernel {
  kernel: Kernel;
  /** What each takes once it is warm; takes about 10 ms the first time. */
  measure(): KernelTimes;
}

/**
 * Opens a kernel, at once.
 * @param dimension 1 to 65536
 * @throws InpageError `invalid-argument`
 */
export type OpenKernel = (dimension: number) => OpenedKernel;

type Kinds = Partial<Record<Kernel['name'], (dimension: number) => Kernel>>;

/** A measurement ends with a batch of scans that takes so many milliseconds, and is not one of the first, which warm up. */
interface Effort {
  /** Rows of a scan. */
  rows: number;
  time: number;
  warmBatches: number;
}

/** Choosing must not take long, and even cold the kernels are far apart, in any dimension. */
const cold: Effort = { rows: groupRows, time: 0.1, warmBatches: 2 };
const sampleDimension = 64;
const warm: Effort = { rows: 16 * groupRows, time: 0.5, warmBatches: 3 };

let faster: Kernel['name'] | undefined;

/** Compiles and chooses, the first time; worth beginning early, while something else is waited for. */
export async function prepareKernels(): Promise<OpenKernel> {
  const module = await compileSimd().catch((error) => {
    if (InpageError.is(error, 'device-unavailable')) return undefined;
    throw error;
  });
  if (!module) return (dimension) => open({ scalar: createScalarKernel }, 'scalar', dimension);
  const kinds = { scalar: createScalarKernel, simd: (dimension: number) => createSimdKernel(dimension, module) };
  const time = (kind: Kernel['name']) => measureScan(kinds[kind](sampleDimension), cold);
  faster ??= time('simd') <= time('scalar') ? 'simd' : 'scalar';
  const chosen = faster;
  return (dimension) => open(kinds, chosen, dimension);
}

function open(kinds: Kinds, chosen: Kernel['name'], dimension: number): OpenedKernel {
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > 65_536) {
    throw new InpageError('invalid-argument', 'The dimension of an index must be a whole number from 1 to 65536.');
  }
  const kernel = kinds[chosen]!(dimension);
  let measured: KernelTimes | undefined;
  return {
    kernel,
    measure() {
      measured ??= Object.fromEntries(
        Object.entries(kinds).map(([kind, create]) => [kind, measureScan(kind === chosen ? kernel : create(dimension), warm)]),
      );
      return measured;
    },
  };
}

/** Nanoseconds a row, from the best of several batches: a pause of the machine spoils some. */
function measureScan(kernel: Kernel, { rows, time: enough, warmBatches }: Effort): number {
  const random = createRandom(1);
  const query = kernel.prepare(Float32Array.from({ length: kernel.dimension }, () => random() - 0.5));
  const codes = kernel.allocate(rows * codeBytes(kernel.dimension));
  const factors = kernel.allocate(rows * Float32Array.BYTES_PER_ELEMENT);
  const [codeView, factorView] = [codes.bytes(), factors.bytes()];
  for (let at = 0; at < codeView.length; at++) codeView[at] = random() * 256;
  new Float32Array(factorView.buffer, factorView.byteOffset, rows).fill(1);
  let best = Number.POSITIVE_INFINITY;
  for (let batches = 0, time = 0; batches <= warmBatches || time < enough; batches++) {
    const scans = 2 ** batches;
    const started = performance.now();
    kernel.begin(query, groupRows);
    for (let scan = 0; scan < scans; scan++) kernel.scanCodes(codes, factors, rows, 0, scan * rows);
    kernel.finish();
    time = performance.now() - started;
    // A coarse clock may say 0.
    if (time > 0) best = Math.min(best, (time * 1e6) / (scans * rows));
  }
  codes.free();
  factors.free();
  return best;
}
