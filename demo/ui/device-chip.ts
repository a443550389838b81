// What the models run on, in a few words, with the details one press away.
import type { AssistantStats, Device, DeviceReport, Runtime } from '../../src/index.ts';
import { bytes } from '../../src/ui/bytes.ts';
import { byId, factRows, h } from './dom.ts';
import { plural } from './format.ts';

function adapter({ webgpu }: DeviceReport): string {
  const name = [webgpu.vendor, webgpu.architecture].filter(Boolean).join(' ');
  return name || (webgpu.software ? 'software' : 'adapter');
}

function running(device: Runtime, threads: number, report: DeviceReport): string {
  if (device === 'remote') return 'on a server';
  if (device === 'browser') return "the browser's own model";
  return device === 'webgpu' ? `WebGPU · ${adapter(report)}` : `WASM · ${plural(threads, 'thread')}`;
}

/** Short name of the device, e.g. `WASM · 2 threads`; before a model is loaded, what can be used. */
export function deviceLabel(stats: AssistantStats, wanted: 'auto' | Device): string {
  const report = stats.device;
  const info = stats.llm ?? stats.embedder;
  if (info) return running(info.device, info.threads, report);
  if (wanted !== 'wasm' && report.webgpu.available && (wanted === 'webgpu' || !report.webgpu.software))
    return `WebGPU · ${adapter(report)}`;
  return report.wasm.threads ? 'WASM · multi-threaded' : 'WASM · single-threaded';
}

function details({ device, llm, embedder }: AssistantStats): [string, string][] {
  const { webgpu, wasm, storage } = device;
  const gpu = webgpu.available
    ? `${adapter(device)}${webgpu.software ? ' (emulated on the processor, slow)' : ''}`
    : 'not available';
  return [
    ['WebGPU', gpu],
    ['Processor', `${plural(device.cores, 'core')}${device.memory ? `, ${device.memory} GB memory or more` : ''}`],
    ['WASM', `${wasm.simd ? 'SIMD' : 'no SIMD'}, ${wasm.threads ? 'threads' : 'one thread'}`],
    ['Cross-origin isolated', device.crossOriginIsolated ? 'yes' : 'no'],
    ['Storage', storage.quota === undefined ? 'not known' : `${bytes(storage.usage ?? 0)} used of ${bytes(storage.quota)}`],
    ['Answers', llm ? `${llm.model}, ${llm.dtype}, ${running(llm.device, llm.threads, device)}` : 'model not loaded yet'],
    [
      'Search',
      embedder
        ? `${embedder.space.model}, ${embedder.dtype}, ${running(embedder.device, embedder.threads, device)}`
        : 'model not loaded yet',
    ],
  ];
}

/** Shows the device in the page's head. */
export function showDevice(stats: AssistantStats, wanted: 'auto' | Device): void {
  byId('device-label').textContent = deviceLabel(stats, wanted);
  byId('device-details').replaceChildren(
    h('h2', { class: 'card-title' }, 'This device'),
    h('dl', { class: 'facts' }, ...factRows(details(stats))),
  );
}
