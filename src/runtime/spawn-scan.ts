// The worker that the store worker starts. Apart from those of the page: a worker that imports these would contain itself.

export function createScanWorker(): Worker {
  return new Worker(new URL('../../workers/scan.worker.ts', import.meta.url), { type: 'module', name: 'inpage-scan' });
}
