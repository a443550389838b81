// The house rules that a machine can check: direction of imports, single owners, size, names, comments.
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, sourceFiles, withoutComments } from '../support/source-files.ts';
import { findCycle, violation } from './layers.ts';

const src = sourceFiles('src');
const workers = sourceFiles('workers');
const demo = sourceFiles('demo');
const all = [...src, ...workers, ...demo];

/** Paths of the files that a rule catches. */
const caught = (files: typeof all, rule: (file: (typeof all)[number]) => boolean) => files.filter(rule).map(({ path }) => path);

describe('the checks themselves', () => {
  test('imports are found in every form', () => {
    const text = `// import './comment.ts';
import type { A } from './a.ts';
import {
  b,
} from "./b.ts";
import './c.ts';
export * from './d.ts';
export type { E } from './e.ts';
const f = await import('./f.ts');
type G = import('./g.ts').G;
new Worker(new URL('../workers/h.worker.ts', import.meta.url));
/* import './block.ts'; */`;
    expect(importsOf(text).sort()).toEqual(
      ['../workers/h.worker.ts', './a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './g.ts'].sort(),
    );
  });

  test('layers and cycles', () => {
    expect(violation('src/rag/naive.ts', 'src/spec/llm.ts')).toBeUndefined();
    expect(violation('src/rag/naive.ts', 'src/rag/prompt.ts')).toBeUndefined();
    expect(violation('src/index.ts', 'src/client/create-assistant.ts')).toBeUndefined();
    expect(violation('src/spec/llm.ts', 'src/util/errors.ts')).toContain('upper');
    expect(violation('src/store/filter.ts', 'src/load/html.ts')).toContain('siblings');
    expect(violation('src/client/create-assistant.ts', 'src/index.ts')).toContain('upper');
    expect(() => violation('src/unheard-of/a.ts', 'src/spec/llm.ts')).toThrow('no layer');
    expect(findCycle(new Map(Object.entries({ a: ['b'], b: ['c'], c: ['b'] })))).toEqual(['b', 'c', 'b']);
    expect(findCycle(new Map(Object.entries({ a: ['b', 'c'], b: ['c'], c: [] })))).toBeUndefined();
  });

  test('there is something to check', () => {
    expect(src.length).toBeGreaterThan(15);
  });
});

describe('imports', () => {
  test('go down the layers, and not between siblings', () => {
    const wrong = src.flatMap(({ path, imports }) =>
      imports.filter((target) => target.startsWith('src/')).map((target) => violation(path, target)),
    );
    expect(wrong.filter(Boolean)).toEqual([]);
  });

  test('have no cycles, types included', () => {
    const inSource = (target: string) => target.startsWith('src/');
    expect(findCycle(new Map(src.map(({ path, imports }) => [path, imports.filter(inSource)])))).toBeUndefined();
  });

  test('stay in the house: src imports no worker (but to start it), demo, test or model', () => {
    const outside = src.flatMap(({ path, imports }) =>
      imports
        .filter((target) => /^(?:workers|demo|test|models|\.\.)(?:\/|$)/.test(target))
        .map((target) => `${path} → ${target}`),
    );
    expect(outside.filter((edge) => !/^src\/runtime\/spawn(?:-scan)?\.ts → workers\//.test(edge))).toEqual([]);
  });

  test('of the demo go through the public surface and the parts of user interfaces, but for the benchmark, which measures inside', () => {
    const pages = demo.filter(({ path }) => !path.startsWith('demo/headless/'));
    const deep = pages.flatMap(({ path, imports }) =>
      imports
        .filter(
          (target) => /^(?:src|workers)\//.test(target) && !/^src\/(?:(?:(?:agent|eval|tool)\/)?index\.ts$|ui\/)/.test(target),
        )
        .map((target) => `${path} → ${target}`),
    );
    expect(deep).toEqual([]);
  });

  test('have an explicit extension', () => {
    const bare = all.flatMap(({ path, imports }) =>
      imports
        .filter((target) => /^(?:src|workers|demo)\//.test(target) && !/\.\w+(?:\?\w+)?$/.test(target))
        .map((target) => `${path} → ${target}`),
    );
    expect(bare).toEqual([]);
  });
});

describe('single owners', () => {
  const owners: [what: string, pattern: RegExp, ...owners: string[]][] = [
    ['new Worker(', /\bnew Worker\(/, 'src/runtime/spawn.ts', 'src/runtime/spawn-scan.ts'],
    ['comlink', /from 'comlink'|import\('comlink'\)/, 'src/runtime/rpc.ts'],
    ['idb', /from 'idb'|import\('idb'\)/, 'src/store/disk/idb-database.ts', 'src/store/records.ts'],
  ];
  test.each(owners)('%s', (_what, pattern, ...owners) => {
    const users = caught([...src, ...workers], ({ text }) => pattern.test(withoutComments(text)));
    expect(users.filter((path) => !owners.includes(path))).toEqual([]);
  });
});

describe('files', () => {
  test('src/spec has types only, and imports spec only', () => {
    const allowed = /^(?:import type |export type |export interface |type |interface |export \{\};|[\s})\]|&]|$)/;
    const spec = src.filter(({ path }) => path.startsWith('src/spec/'));
    const wrong = spec.flatMap(({ path, text, imports }) => [
      ...withoutComments(text)
        .split('\n')
        .filter((line) => !allowed.test(line))
        .map((line) => `${path}: ${line}`),
      ...imports.filter((target) => !target.startsWith('src/spec/')).map((target) => `${path} → ${target}`),
    ]);
    expect(wrong).toEqual([]);
  });

  test('have at most 400 lines, a worker fewer than 25', () => {
    const lines = (text: string) => text.split('\n').length - 1;
    expect(caught(all, ({ text }) => lines(text) > 400)).toEqual([]);
    expect(caught(workers, ({ text }) => lines(text) >= 25)).toEqual([]);
  });

  test('have kebab-case names', () => {
    expect(
      caught(all, ({ path }) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:worker|d|test))?\.(?:ts|mjs)$/.test(basename(path))),
    ).toEqual([]);
  });

  test('open with a comment', () => {
    expect(caught(all, ({ text }) => !/^(?:#!.*\n)?(?:\/\/|\/\*)/.test(text))).toEqual([]);
  });
});
