// The workers that a page starts.

export type WorkerName = 'llm' | 'embed' | 'store';

/** Starts each. */
export const pageWorkers: Readonly<Record<WorkerName, () => Worker>> = {
  llm: () => new Worker(new URL('../../workers/llm.worker.ts', import.meta.url), { type: 'module', name: 'inpage-llm' }),
  embed: () => new Worker(new URL('../../workers/embed.worker.ts', import.meta.url), { type: 'module', name: 'inpage-embed' }),
  store: () => new Worker(new URL('../../workers/store.worker.ts', import.meta.url), { type: 'module', name: 'inpage-store' }),
};
