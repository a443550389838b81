// The strategies by name, each loaded when it is asked for. The demo and the evaluation list them from here.
import type { Strategy } from '../spec/strategy.ts';
import { InpageError } from '../util/errors.ts';
import { naive } from './naive.ts';

const strategies: Readonly<Record<string, () => Strategy | Promise<Strategy>>> = {
  auto: async () => (await import('./auto.ts')).auto(),
  communities: async () => (await import('./communities.ts')).communities(),
  'context-aware': async () => (await import('./context-aware.ts')).contextAware(),
  corrective: async () => (await import('./corrective.ts')).corrective(),
  extractive: async () => (await import('./extractive.ts')).extractive(),
  fusion: async () => (await import('./fusion.ts')).fusion(),
  graph: async () => (await import('./graph.ts')).graph(),
  hierarchical: async () => (await import('./hierarchical.ts')).hierarchical(),
  hyde: async () => (await import('./hyde.ts')).hyde(),
  iterative: async () => (await import('./iterative.ts')).iterative(),
  'light-graph': async () => (await import('./light-graph.ts')).lightGraph(),
  'look-ahead': async () => (await import('./look-ahead.ts')).lookAhead(),
  naive: () => naive(),
  'nearest-neighbours': async () => (await import('./nearest-neighbours.ts')).nearestNeighbours(),
  rewrite: async () => (await import('./rewrite.ts')).rewrite(),
  speculative: async () => (await import('./speculative.ts')).speculative(),
};

/** Names that {@link loadStrategy} and `createAssistant({ strategy })` take. */
export const strategyNames: readonly string[] = Object.keys(strategies);

/** A built-in strategy with its defaults. @throws InpageError `invalid-argument` for a name that there is none of */
export async function loadStrategy(name: string): Promise<Strategy> {
  const load = Object.hasOwn(strategies, name) ? strategies[name] : undefined;
  if (!load) {
    throw new InpageError('invalid-argument', `There is no strategy "${name}". There are ${strategyNames.join(', ')}.`, {
      detail: { strategy: name },
    });
  }
  return load();
}
