// The embedded models are the files that their lists say.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { modelsFolder, readManifest } from '../support/models-manifest.mjs';

// 165 MB are read, from a disk that may be busy.
vi.setConfig({ testTimeout: 60_000 });

test('models/manifest.json has size and digest of every model file (else: node test/support/models-manifest.mjs)', async () => {
  expect(JSON.parse(await readFile(join(modelsFolder, 'manifest.json'), 'utf8'))).toEqual(await readManifest());
});

test('models/SHA256SUMS lists the same digests', async () => {
  const lines = (await readFile(join(modelsFolder, 'SHA256SUMS'), 'utf8')).trim().split('\n');
  const sums = Object.fromEntries(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const manifest = Object.entries(await readManifest());
  expect(sums).toEqual(Object.fromEntries(manifest.map(([path, { sha256 }]) => [path, sha256])));
});
