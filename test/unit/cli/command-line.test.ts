// What the command line means, and what is refused.
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { help, parseCommandLine, UsageError } from '../../../src/cli/command-line.ts';

const parse = (line: string) => parseCommandLine(line.split(' ').filter(Boolean), 'mini');

test('defaults', () => {
  expect(parse('build docs')).toEqual({
    command: 'build',
    inputs: ['docs'],
    output: 'index.inpage',
    model: { id: 'mini', folder: resolve('models') },
    chunker: {},
    keepGoing: false,
    json: false,
  });
});

test('every option', () => {
  expect(
    parse(
      'build a b.md -o out.inpage --models m --model other --base-url https://example.org/docs --chunker fixed --chunk-size 120 --chunk-overlap 10 --threads 3 --keep-going --json',
    ),
  ).toEqual({
    command: 'build',
    inputs: ['a', 'b.md'],
    output: 'out.inpage',
    model: { id: 'other', folder: resolve('m') },
    chunker: { type: 'fixed', maxTokens: 120, overlap: 10 },
    baseUrl: 'https://example.org/docs/',
    threads: 3,
    keepGoing: true,
    json: true,
  });
  expect(parse('build a --host https://hub.example --model org/mini --revision v2')).toMatchObject({
    model: { id: 'org/mini', host: 'https://hub.example/', revision: 'v2' },
  });
  expect(parse('build a --model ./public/mini/')).toMatchObject({ model: { id: 'mini', folder: resolve('public') } });
  expect(parse('build a --model org/mini')).toMatchObject({ model: { id: 'org/mini', folder: resolve('models') } });
  expect(parse(`build a --model ${join('..', 'mini')}`)).toMatchObject({ model: { id: 'mini', folder: resolve('..') } });
});

test('help and version go before everything else', () => {
  for (const line of ['', '--help', '-h', 'build --help', 'unheard --help']) expect(parse(line)).toEqual({ command: 'help' });
  expect(parse('--version')).toEqual({ command: 'version' });
});

test('the help names every option, and every option it names is known', () => {
  const named = [...help.matchAll(/--([a-z-]+)/g)].map(([, name]) => name!);
  expect(new Set(named).size).toBe(14);
  for (const name of named) {
    const error = (() => {
      try {
        parseCommandLine(['build', 'x', `--${name}`, '1'], 'mini');
      } catch (thrown) {
        return String(thrown);
      }
    })();
    expect(error ?? '').not.toContain('Unknown option');
  }
});

test.each([
  ['build', 'Name a folder'],
  ['index docs', 'no command "index"'],
  ['--json', 'Say what to do'],
  ['build docs --unheard', '--unheard'],
  ['build docs -o', 'output'],
  ['build docs --chunker words', 'heading, sentence or fixed'],
  ['build docs --chunk-size 8', 'from 16 to 2048'],
  ['build docs --chunk-size many', 'from 16 to 2048'],
  ['build docs --threads 0', 'from 1 to 64'],
  ['build docs --base-url docs', 'https://'],
  ['build docs --host hub.example', 'https://'],
  ['build docs --host https://hub.example --models m', 'not from both'],
  ['build docs --revision v2', '--host'],
])('%s', (line, message) => {
  expect(() => parse(line)).toThrow(UsageError);
  expect(() => parse(line)).toThrow(message);
});
