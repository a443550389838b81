// `npm start`: installs where needed, builds what has changed, serves the demo and prints its URL.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root } from './prepare.mjs';
import { serve } from './serve.mjs';

const usage = `npm start -- [--port <number>] [--host <name>]
  --port   default 4173, or the next free one
  --host   default 127.0.0.1; 0.0.0.0 shows the demo to the network
           (browsers give WebGPU and storage only to https pages and to this machine)`;

/** @param {number | undefined} wanted @param {string} host */
async function serveDemo(wanted, host) {
  const first = wanted ?? 4173;
  for (let port = first; ; port++) {
    try {
      return await serve(join(root, 'dist/demo'), { port, host });
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== 'EADDRINUSE') throw error;
      if (wanted !== undefined) throw new Error(`Port ${wanted} is in use. Choose another one, or leave --port out.`);
      if (port - first > 100) throw error;
    }
  }
}

async function main() {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, host: { type: 'string', default: '127.0.0.1' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return console.log(usage);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new Error(`--port is a number from 0 to 65535, not "${values.port}".\n${usage}`);
  }
  await prepare('demo');
  const served = await serveDemo(port, values.host);
  console.log(`\n  inpage demo:  ${served.url}\n\n  Ctrl-C ends it.`);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(signal, async () => {
      await served.close();
      process.exit(0);
    });
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
