// The package as npm would publish it: packed once a run, unpacked where a project would have it.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './source-files.ts';

const run = promisify(execFile);

/** A project that has installed the package. */
export interface Consumer {
  /** The project's folder. */
  folder: string;
  /** The installed package. */
  installed: string;
  tarball: string;
  /** Paths in the package. */
  files: { path: string; size: number }[];
  /** Bytes of the tarball. */
  size: number;
  remove(): Promise<void>;
}

/**
 * Makes a temporary project with the packed package in its `node_modules`. The packages that inpage depends on are links to
 * this repository's.
 */
export async function installPacked(): Promise<Consumer> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'inpage-consumer-')));
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
    shell: process.platform === 'win32',
    maxBuffer: 1 << 24,
  });
  const [report] = JSON.parse(stdout) as { filename: string; size: number; files: { path: string; size: number }[] }[];
  if (!report) throw new Error('npm pack reported nothing.');
  const tarball = join(folder, report.filename);
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  await run('tar', ['-xzf', tarball, '-C', modules]);
  const installed = join(modules, 'inpage');
  await rename(join(modules, 'package'), installed);
  for (const name of await readdir(join(root, 'node_modules'))) {
    const scoped = name.startsWith('@') ? await readdir(join(root, 'node_modules', name)) : [''];
    for (const rest of name.startsWith('.') ? [] : scoped) {
      const target = join(modules, name, rest);
      await mkdir(dirname(target), { recursive: true });
      await symlink(join(root, 'node_modules', name, rest), target, 'junction');
    }
  }
  return { folder, installed, tarball, files: report.files, size: report.size, remove: () => rm(folder, { recursive: true }) };
}
