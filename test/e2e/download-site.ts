// A site whose server a test can break for one file of the embedding model, and a page that downloads the model.
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { root } from '../../demo/terminal/prepare.mjs';
import type { CachedModel } from '../../src/index.ts';
import { answerFile, type FileAnswer } from '../support/answer-file.ts';
import { openPage, type SeenError, type TestPage } from './page.ts';

declare global {
  /** Ends the download that is going on. */
  var stopDownload: AbortController;
  /** Bytes of the weights that the page has heard of. */
  var heardBytes: number;
}

export const model = 'all-MiniLM-L6-v2';
/** Paths on the server. */
export const weights = `/models/${model}/onnx/model_quantized.onnx`;
export const tokenizer = `/models/${model}/tokenizer.json`;
export const contentOf = (path: string): Buffer => readFileSync(join(root, `.${path}`));
/** The weights, 23 MB. */
export const content = contentOf(weights);

/** A page and its server. */
export class DownloadSite {
  readonly #test: TestPage;
  /** Bytes of the file that the server has sent. */
  sent = 0;
  /** Requests of model files. */
  asked: string[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(site: TestPage) {
    this.#test = site;
  }

  static async open(): Promise<DownloadSite> {
    return new DownloadSite(await openPage());
  }

  get page(): Page {
    return this.#test.page;
  }

  get url(): string {
    return this.#test.url;
  }

  /** Another tab. */
  another(): Promise<Page> {
    return this.#test.another();
  }

  /** A session of the browser's own protocol. */
  protocol(): Promise<CDPSession> {
    return this.#test.context.newCDPSession(this.page);
  }

  close(): Promise<void> {
    return this.#test.close();
  }

  /** Answers requests in a way of one's own. */
  sabotage(handler: Parameters<TestPage['sabotage']>[0]): void {
    this.#test.sabotage(handler);
  }

  /** Empties the browser's storage of models and mends the server. */
  async clear(): Promise<void> {
    await this.page.evaluate(() => caches.delete('inpage-models-v1'));
    this.serve(weights, () => ({ content }));
  }

  /** Answers for one file; the others come from the folder. */
  serve(file: string, answer: () => FileAnswer): void {
    this.sent = 0;
    this.asked = [];
    this.#test.sabotage((request, response) => {
      const path = request.url?.replace(/\?.*/, '') ?? '';
      if (path.startsWith('/models/')) this.asked.push(path);
      this.#sockets.add(request.socket);
      if (path !== file) return false;
      this.sent += answerFile(request, response, answer());
      return true;
    });
  }

  /** Breaks every connection. */
  cutNetwork(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  /** Resolves when the server has sent so many bytes of the file. */
  async whenSent(bytes: number): Promise<void> {
    while (this.sent < bytes) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  /** Downloads the model, and stops before it is started. */
  download(on: Page = this.page): Promise<SeenError | 'downloaded'> {
    return on.evaluate(async () => {
      const controller = new AbortController();
      globalThis.stopDownload = controller;
      globalThis.heardBytes = 0;
      const embedder = inpage.transformersEmbedder({ device: 'wasm' });
      let downloaded = false;
      try {
        await embedder.load({
          signal: controller.signal,
          onProgress: (progress) => {
            if (progress.phase === 'download' && progress.file.endsWith('.onnx')) globalThis.heardBytes = progress.loaded;
            if (progress.phase !== 'compile') return;
            downloaded = true;
            controller.abort();
          },
        });
        return 'downloaded';
      } catch (error) {
        if (downloaded) return 'downloaded';
        const { name, code, message, detail } = error as SeenError;
        return { name, code, message, detail };
      } finally {
        await embedder.close();
      }
    });
  }

  /** Downloads so many bytes of the weights, and stops. */
  async downloadPart(bytes: number): Promise<void> {
    const outcome = this.download();
    await this.whenSent(bytes);
    await this.page.evaluate(() => stopDownload.abort());
    await outcome;
  }

  stored(): Promise<CachedModel[]> {
    return this.page.evaluate(() => inpage.listModels());
  }
}
