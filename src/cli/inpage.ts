#!/usr/bin/env node
// The command `inpage`. Exit codes: 0 done, 1 failed, 2 wrong command line, 130 interrupted.
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { defaultModels, knownEmbedding, modelRequest } from '../client/models.ts';
import type { IngestProgress } from '../spec/ingest.ts';
import { InpageError, isAbort } from '../util/errors.ts';
import { buildIndex } from './build-index.ts';
import { type BuildCommand, help, parseCommandLine, UsageError } from './command-line.ts';
import { findDocuments } from './find-documents.ts';
import { progressLine } from './progress-line.ts';
import { createThreadedEmbedder } from './threaded-embedder.ts';

async function main(): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2), defaultModels.embedder);
  if (command.command === 'help') {
    process.stdout.write(help);
    return 0;
  }
  if (command.command === 'version') {
    const { version } = JSON.parse(await readFile(join(dirname(fileURLToPath(import.meta.url)), '../../package.json'), 'utf8'));
    process.stdout.write(`${version}\n`);
    return 0;
  }
  await build(command);
  return 0;
}

async function build({ inputs, output, model, chunker, baseUrl, threads, keepGoing, json }: BuildCommand): Promise<void> {
  const started = performance.now();
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const files = await findDocuments(inputs);
  const embedder = await openEmbedder(model, threads);
  const line = progressLine(process.stderr);
  try {
    const onProgress = ({ sourcesDone, sourcesTotal, chunksDone, chunksPerSecond }: IngestProgress) =>
      line.show(`${sourcesDone} of ${sourcesTotal} files, ${chunksDone} passages, ${chunksPerSecond.toFixed(0)} a second`);
    line.show(`loading ${model.id}`);
    const summary = await buildIndex({
      files,
      output,
      embedder,
      chunker,
      baseUrl,
      keepGoing,
      signal: interrupted.signal,
      onProgress,
    });
    line.clear();
    for (const { document, message } of summary.failed) process.stderr.write(`left out ${document}: ${message}\n`);
    const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
    const { documents, chunks, bytes } = summary;
    process.stdout.write(
      json
        ? `${JSON.stringify({ ...summary, model: model.id, seconds })}\n`
        : `${output}: ${documents} documents, ${chunks} passages, ${(bytes / 1e6).toFixed(2)} MB, in ${seconds} s\n`,
    );
  } finally {
    line.clear();
    await embedder.close();
  }
}

async function openEmbedder(model: BuildCommand['model'], threads: number | undefined) {
  if ('folder' in model && !(await stat(join(model.folder, model.id, 'config.json')).catch(() => undefined))) {
    throw new InpageError(
      'model-not-found',
      `There is no model "${model.id}" in ${model.folder}. Name the folder with --models, or download one: ` +
        '--host https://huggingface.co --model Xenova/all-MiniLM-L6-v2',
    );
  }
  const source = 'folder' in model ? { base: pathToFileURL(model.folder).href } : { host: model.host, revision: model.revision };
  const request = modelRequest(model.id, { source, device: 'wasm' });
  return createThreadedEmbedder({
    request,
    settings: knownEmbedding(model.id),
    threads,
    cache: 'host' in model ? cacheFolder() : undefined,
  });
}

/** Where programs keep what they can download again (XDG Base Directory Specification). */
function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'inpage');
}

try {
  process.exitCode = await main();
} catch (error) {
  if (isAbort(error)) process.exitCode = 130;
  else if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nSee inpage --help.\n`);
    process.exitCode = 2;
  } else {
    // What is not inpage's own is a defect, and its place matters.
    process.stderr.write(`${InpageError.is(error) ? error.message : ((error as Error).stack ?? error)}\n`);
    process.exitCode = 1;
  }
}
