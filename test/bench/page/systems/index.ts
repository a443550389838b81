// The systems by name, each loaded on demand, so that a page has the code of one only.
import type { System } from './system.ts';

type Load = () => Promise<{ default: System }>;

const systems: Record<string, Load> = {
  'float32-scan': () => import('./float32-scan.ts'),
  inpage: () => import('./inpage.ts'),
  'client-vector-search': () => import('./client-vector-search.ts'),
  edgevec: () => import('./edgevec.ts'),
  'entity-db': () => import('./entity-db.ts'),
  'hnswlib-wasm': () => import('./hnswlib-wasm.ts'),
  orama: () => import('./orama.ts'),
  pglite: () => import('./pglite.ts'),
};

/** @throws Error for a name that is not known */
export async function loadSystem(name: string): Promise<System> {
  const load = systems[name];
  if (!load) throw new Error(`No system "${name}". There are ${Object.keys(systems).join(', ')}.`);
  return (await load()).default;
}
