// A page with the built module in a real Chromium, on a server that a test can break.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { root } from '../../demo/terminal/prepare.mjs';
import { serve } from '../../demo/terminal/serve.mjs';
import type * as Inpage from '../../src/index.ts';
import { chromiumArguments, ensureChromium } from '../support/chromium.mjs';

declare global {
  /** The module of the build without a bundler. */
  var inpage: typeof Inpage;
}

export interface TestPage {
  page: Page;
  context: BrowserContext;
  url: string;
  /** Every answer of the server so far. */
  requests: { path: string; status: number; bytes: number }[];
  /** Breaks the server: `true` means that the request was answered. */
  sabotage: (handler: ((request: IncomingMessage, response: ServerResponse) => boolean | undefined) | undefined) => void;
  /** A fresh page in the same browser, with the same storage. */
  another: () => Promise<Page>;
  close: () => Promise<void>;
}

const blank =
  '<!doctype html><html lang="en"><title>test</title><script type="module" src="/whole.js"></script><main>Hello</main></html>';

/** Opens `/blank.html` of the built demo, with `inpage` on the window. */
export async function openPage({
  isolated = true,
  webgpu = true,
  html = blank,
  headers = {} as Record<string, string>,
} = {}): Promise<TestPage> {
  let handler: ((request: IncomingMessage, response: ServerResponse) => boolean | undefined) | undefined;
  const served = await serve(join(root, 'dist/demo'), {
    isolated,
    headers,
    onRequest(request, response) {
      if (request.url?.startsWith('/blank.html')) {
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.end(html);
        return true;
      }
      if (request.url === '/whole.js') {
        response.setHeader('Content-Type', 'text/javascript');
        response.end("import * as inpage from '/inpage/inpage.js';\nwindow.inpage = inpage;");
        return true;
      }
      return handler?.(request, response);
    },
  });
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: webgpu ? chromiumArguments : chromiumArguments.filter((flag) => !flag.includes('webgpu')),
  });
  const context = await browser.newContext();
  const another = async () => {
    const page = await context.newPage();
    await page.goto(`${served.url}blank.html`);
    return page;
  };
  return {
    page: await another(),
    context,
    url: served.url,
    requests: served.requests,
    sabotage: (next) => {
      handler = next;
    },
    another,
    async close() {
      await browser.close();
      await served.close();
    },
  };
}

/** An error as the page saw it. */
export interface SeenError {
  name: string;
  code?: string;
  message: string;
  detail?: Record<string, unknown>;
}
