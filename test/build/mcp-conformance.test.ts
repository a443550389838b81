// The official conformance scenarios for clients, as far as they apply to one that has tools and no sign-in (npm package
// @modelcontextprotocol/conformance, which needs Node 22): `MCP_CONFORMANCE` is the command that starts them, like
// `node22 node_modules/@modelcontextprotocol/conformance/dist/index.js`; without it these tests are skipped.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../support/source-files.ts';

const command = process.env.MCP_CONFORMANCE?.split(' ');

test.skipIf(!command).each(['initialize', 'tools_call', 'sse-retry'])('scenario %s', async (scenario) => {
  const client = `${process.execPath} ${join(root, 'test/support/mcp-client.mjs')}`;
  const [file, ...args] = [...command!, 'client', '--command', client, '--scenario', scenario];
  const { stdout, stderr } = await promisify(execFile)(file!, args, { timeout: 50_000 });
  expect(stdout + stderr).toContain('OVERALL: PASSED');
});
