// WebMCP in a Chromium that has it: tools are offered and used through the browser itself.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { expect, test } from 'vitest';
import type * as WebMcp from '../../src/tool/web-mcp.ts';
import { chromiumArguments, ensureChromium } from '../support/chromium.mjs';
import { root } from '../support/source-files.ts';

declare global {
  var webMcp: typeof WebMcp;
}

/** The module as a script, in a page. @param features of Chromium to turn on */
async function openPage(features: string) {
  const lib = { entry: `${root}/src/tool/web-mcp.ts`, formats: ['iife' as const], name: 'webMcp' };
  const built = await build({ configFile: false, root, logLevel: 'error', build: { write: false, lib, target: 'es2022' } });
  const [output] = Array.isArray(built) ? built : [built];
  const script = 'output' in output! ? output.output.map((file) => ('code' in file ? file.code : '')).join('\n') : '';
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>test</title><script>${script}</script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const args = [...chromiumArguments.filter((flag) => !flag.startsWith('--enable-features')), `--enable-features=${features}`];
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const close = async () => {
    await browser.close();
    server.close();
  };
  return { page, close };
}

test('tools are offered to the browser, called by the rules, and taken away', async ({ skip }) => {
  const { page, close } = await openPage('WebMCP');
  try {
    if (!(await page.evaluate(() => webMcp.hasWebMcp()))) return skip('This Chromium has no WebMCP.');
    const seen = await page.evaluate(async () => {
      const controller = new AbortController();
      const common = {
        description: 'Adds.',
        inputSchema: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
      };
      const tools = {
        add: { ...common, readOnly: true, execute: ({ a }: { a: number }) => ({ sum: a + 1 }) },
        order: { ...common, needsApproval: true, execute: () => 'ordered' },
        fail: {
          ...common,
          execute: () => {
            throw new Error('broken');
          },
        },
      };
      await webMcp.registerWebMcp(tools as never, {
        signal: controller.signal,
        approve: (_tool, input) => (input as { a: number }).a === 1,
      });
      const used = await webMcp.webMcpTools({ readOnly: ['add'] });
      const context = { signal: controller.signal, task: '', tainted: false };
      const call = async (name: string, input: unknown) => {
        try {
          return await used[name]!.execute(input as never, context);
        } catch (error) {
          return `failed: ${(error as Error).message}`;
        }
      };
      const results = [
        ...[await call('add', { a: 1 }), await call('add', { a: 'x' }), await call('order', { a: 1 })],
        ...[await call('order', { a: 2 }), await call('fail', { a: 1 })],
      ];
      const told = Object.entries(used).map(([name, { foreign, readOnly }]) => [name, foreign, readOnly]);
      controller.abort();
      return { results, told, after: Object.keys(await webMcp.webMcpTools()) };
    });
    expect(new Map(seen.told.map(([name, ...flags]) => [name, flags]))).toEqual(
      new Map([
        ['add', [true, true]],
        ['order', [true, false]],
        ['fail', [true, false]],
      ]),
    );
    expect(seen.results).toEqual([
      '{"sum":2}',
      expect.stringMatching(/^failed: .*\/a/),
      'ordered',
      'failed: The user said no.',
      'failed: broken',
    ]);
    expect(seen.after).toEqual([]);
  } finally {
    await close();
  }
});

test('without WebMCP nothing happens', async () => {
  const { page, close } = await openPage('None');
  try {
    const seen = await page.evaluate(async () => [
      webMcp.hasWebMcp(),
      await webMcp.registerWebMcp({}),
      await webMcp.webMcpTools(),
    ]);
    expect(seen).toEqual([false, false, {}]);
  } finally {
    await close();
  }
});
