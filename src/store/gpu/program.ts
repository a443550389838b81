// The shader, compiled, and how buffers are bound to it.
import { computeStage } from './device.ts';
import { scanShader } from './shader.ts';

const entryPoints = ['findMaxima', 'choose', 'collect'] as const;

export interface Program extends Record<(typeof entryPoints)[number], GPUComputePipeline> {
  /** @param buffers params, queries, blocks, maxima, chosen, found */
  bindScan(buffers: readonly GPUBuffer[]): GPUBindGroup;
  /** @param buffers of a page: its uniforms, codes, factors */
  bindPage(buffers: readonly GPUBuffer[]): GPUBindGroup;
}

/** @throws Error where the GPU does not take it */
export async function createProgram(device: GPUDevice, dimension: number): Promise<Program> {
  const scan = createLayout(device, ['uniform', 'read-only-storage', 'read-only-storage', 'storage', 'storage', 'storage']);
  const page = createLayout(device, ['uniform', 'read-only-storage', 'read-only-storage']);
  const layout = device.createPipelineLayout({ bindGroupLayouts: [scan, page] });
  const module = device.createShaderModule({ code: scanShader(dimension) });
  const create = (entryPoint: string) => device.createComputePipelineAsync({ layout, compute: { module, entryPoint } });
  const [findMaxima, choose, collect] = await Promise.all(entryPoints.map(create));
  return {
    findMaxima: findMaxima!,
    choose: choose!,
    collect: collect!,
    bindScan: (buffers) => bind(device, scan, buffers),
    bindPage: (buffers) => bind(device, page, buffers),
  };
}

function createLayout(device: GPUDevice, types: readonly GPUBufferBindingType[]): GPUBindGroupLayout {
  return device.createBindGroupLayout({
    entries: types.map((type, binding) => ({ binding, visibility: computeStage, buffer: { type } })),
  });
}

function bind(device: GPUDevice, layout: GPUBindGroupLayout, buffers: readonly GPUBuffer[]): GPUBindGroup {
  return device.createBindGroup({ layout, entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })) });
}
