// The public surface: safe to import where there is no browser, and documented.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSource, root } from '../support/source-files.ts';

/** What the package offers to import, and a name of each. */
const entries = [
  ['src/index.ts', 'createAssistant'],
  ['src/agent/index.ts', 'runAgent'],
  ['src/eval/index.ts', 'evaluateRetrieval'],
  ['src/testing/index.ts', 'mockLlm'],
  ['src/tool/index.ts', 'domTools'],
  ['src/ui/index.ts', 'defineChat'],
] as const;

/** Things of a browser that Node may lack; touching one while importing breaks server rendering. */
const browserGlobals = [
  'window',
  'document',
  'navigator',
  'caches',
  'localStorage',
  'sessionStorage',
  'indexedDB',
  'location',
  'Worker',
  'customElements',
];

describe.each(entries)('%s', (entry, name) => {
  const touched: string[] = [];
  const before = new Map(browserGlobals.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));

  beforeAll(() => {
    for (const name of browserGlobals) {
      Object.defineProperty(globalThis, name, {
        configurable: true,
        get() {
          touched.push(name);
          return undefined;
        },
      });
    }
  });

  afterAll(() => {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  });

  test('touches nothing of a browser while it is imported', async () => {
    const surface = await import(join(root, entry));
    expect(touched).toEqual([]);
    expect(surface[name]).toBeTypeOf('function');
  });

  test('every export has a JSDoc comment', () => {
    expect(undocumented(entry)).toEqual([]);
  });
});

/** Names that a module offers and that have no JSDoc comment where they are declared. */
function undocumented(path: string): string[] {
  const { text } = readSource(path);
  const missing: string[] = [];
  for (const [, names, from] of text.matchAll(/^export (?:type )?(\*|\{[^}]*\}) from '([^']+)';/gm)) {
    const target = readSource(join(path, '..', from!));
    const wanted =
      names === '*'
        ? [...target.text.matchAll(/^export (?:declare )?(?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm)].map(
            (match) => match[1]!,
          )
        : names!
            .slice(1, -1)
            .split(',')
            .map(
              (name) =>
                name
                  .trim()
                  .replace(/^type /, '')
                  .split(' as ')[0]!,
            )
            .filter(Boolean);
    for (const name of wanted) {
      const declaration = new RegExp(
        `(\\*/\\n)?^export (?:async )?(?:function\\*?|const|class|interface|type) ${name}\\b`,
        'm',
      ).exec(target.text);
      if (!declaration) missing.push(`${name} is not declared in ${target.path}`);
      else if (!declaration[1]) missing.push(`${name} in ${target.path}`);
    }
  }
  return missing;
}
