// What must not be in any file of the repository.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryFiles, root } from '../support/source-files.ts';

const texts = repositoryFiles()
  .filter((path) => !path.startsWith('models/') && statSync(join(root, path)).size < 2_000_000)
  .filter((path) => /\.(?:ts|mjs|js|json|jsonc|md|html|css|svg|txt|ya?ml)$|^\.\w+$|^\.ci\/|LICENSE/.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** Lines that match, with where they are. */
const lines = (pattern: RegExp, files = texts) =>
  files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, index) => `${path}:${index + 1}: ${line.trim()}`)
      .filter((line) => pattern.test(line.replace(/^[^:]*:\d+: /, ''))),
  );

test('no marks of unfinished work in code', () => {
  // Put together, so that this file passes.
  const marks = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
  const code = texts.filter(({ path }) => /^(?:src|workers|demo|test)\/.*\.(?:ts|mjs|html|css)$/.test(path));
  expect(lines(marks, code)).toEqual([]);
});

test('no paths of the machine it was written on', () => {
  const folders = new RegExp(`(?<![\\w.])/(?:${['wo' + 'rk', 'ho' + 'me', 'ro' + 'ot', 'Us' + 'ers'].join('|')})/[\\w.]`);
  expect(
    lines(
      folders,
      texts.filter(({ path }) => path !== 'package-lock.json'),
    ),
  ).toEqual([]);
});

test('the lockfile names no registry host', () => {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  expect(lock.match(/"resolved": "https?:[^"]*"/g)).toBeNull();
});

test('the top level is as small as it was laid out', () => {
  const top = new Set(repositoryFiles().map((path) => path.split('/')[0]!));
  const laidOut =
    'package.json package-lock.json tsconfig.json vite.config.ts README.md CHANGELOG.md LICENSE src workers demo test models';
  expect([...top].filter((name) => !name.startsWith('.') && !laidOut.split(' ').includes(name))).toEqual([]);
});
