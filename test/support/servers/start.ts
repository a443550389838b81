// Servers for the tests of remote stores, in a Python environment of their own that is made when it is first needed.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { root } from '../../../demo/terminal/prepare.mjs';

const environment = join(root, 'test/.output/python');
const packages = ['chromadb==1.5.9', 'qdrant-client==1.20.0'];

export interface Server {
  url: string;
  close(): Promise<void>;
}

/** Why there can be no servers here, or undefined. Installs what is missing. */
export async function prepareServers(): Promise<string | undefined> {
  const done = join(environment, 'installed');
  if (existsSync(done)) return undefined;
  try {
    execFileSync('python3', ['-m', 'venv', environment], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
    execFileSync(join(environment, 'bin/python'), pip, { stdio: 'pipe' });
    await writeFile(done, packages.join('\n'));
    return undefined;
  } catch (error) {
    return `python3 with ${packages.join(' and ')} is not to be had here: ${String(error).split('\n')[0]}`;
  }
}

/** Starts Chroma's server. */
export async function startChroma(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'inpage-chroma-'));
  const port = await freePort();
  const settings = join(folder, 'config.yaml');
  // JSON is YAML too.
  const config = { port, listen_address: '127.0.0.1', persist_path: join(folder, 'data'), cors_allow_origins: ['*'] };
  await writeFile(settings, JSON.stringify(config));
  const child = run('chroma', ['run', settings]);
  const url = `http://127.0.0.1:${port}`;
  return serving(child, url, `${url}/api/v2/heartbeat`, () => rm(folder, { recursive: true, force: true }));
}

/** Starts Qdrant's API over its client's local mode. */
export async function startQdrant(): Promise<Server> {
  const port = await freePort();
  const child = run('python', [join(root, 'test/support/servers/qdrant.py'), String(port)]);
  const url = `http://127.0.0.1:${port}`;
  return serving(child, url, url, async () => {});
}

function run(program: string, args: string[]): ChildProcess {
  return spawn(join(environment, 'bin', program), args, { stdio: 'ignore' });
}

async function serving(child: ChildProcess, url: string, probe: string, clean: () => Promise<void>): Promise<Server> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill();
    await ended;
    await clean();
  };
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) break;
    if ((await fetch(probe).catch(() => undefined))?.ok) return { url, close };
    await setTimeout(200);
  }
  await close();
  throw new Error(`${child.spawnfile} did not answer at ${url}.`);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
