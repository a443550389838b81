// The patterns by name, each loaded when it is asked for.
import type { AgentPattern } from '../../spec/agent.ts';
import { InpageError } from '../../util/errors.ts';

const patterns: Readonly<Record<string, () => Promise<AgentPattern>>> = {
  'depth-first': async () => (await import('./depth-first.ts')).depthFirst(),
  direct: async () => (await import('./direct.ts')).direct(),
  modulo: async () => (await import('./modulo.ts')).modulo(),
  page: async () => (await import('../page/page.ts')).page(),
  react: async () => (await import('./react.ts')).react(),
  reflect: async () => (await import('./reflect.ts')).reflect(),
  rewoo: async () => (await import('./rewoo.ts')).rewoo(),
  roles: async () => (await import('./roles.ts')).roles(),
};

/** Names that {@link loadPattern} and `assistant.run(task, { pattern })` take. */
export const patternNames: readonly string[] = Object.keys(patterns);

/** A built-in pattern with its defaults. @throws InpageError `invalid-argument` for a name that there is none of */
export async function loadPattern(name: string): Promise<AgentPattern> {
  const load = Object.hasOwn(patterns, name) ? patterns[name] : undefined;
  if (!load) {
    throw new InpageError('invalid-argument', `There is no pattern "${name}". There are ${patternNames.join(', ')}.`, {
      detail: { pattern: name },
    });
  }
  return load();
}
