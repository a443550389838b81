// `npm run ask`: answers a question from files, in a headless Chromium, on the real models.
import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { addressOf, findDocuments } from './find-documents.mjs';
import { fail, openHeadless } from './headless.mjs';

const usage = `npm run ask -- --docs <file|folder> [options] "<question>"
  --docs        a file, or a folder with .md, .txt, .html and .pdf files (node_modules, dist and hidden ones are left out)
  --device      auto (default), wasm or webgpu
  --k           passages to retrieve
  --max-tokens  length of the answer
  --backend     what runs the chat model: transformers (default), web-llm or wllama
  --model       chat model: a folder under models/ (default SmolLM2-135M-Instruct); for web-llm a folder under models/mlc/
                (default the first) or an id that web-llm knows; for wllama a .gguf file
  --embedder    embedding model: a folder under models/ (default all-MiniLM-L6-v2)
  --json        prints one JSON object at the end instead of text`;

/**
 * A file of a model, as the page finds it: its folder, served under the model's name.
 * @param {string | undefined} path
 */
function modelFile(path) {
  if (!path?.endsWith('.gguf')) throw new Error('--backend wllama takes a file: --model <path>.gguf');
  const file = basename(path);
  return { mounts: { [`/gguf/${basename(path, '.gguf')}/`]: resolve(dirname(path)) }, model: file };
}

/** Shows what happens; the answer goes to standard output, all else to standard error. @param {boolean} json */
function display(json) {
  const live = process.stderr.isTTY;
  let last = '';
  /** @param {string} line */
  const status = (line) => {
    if (line === last) return;
    last = line;
    if (live) process.stderr.write(`\r\x1b[K${line}`);
  };
  const clear = () => live && process.stderr.write('\r\x1b[K');
  /** @param {any} event */
  return (event) => {
    if (event.type === 'load' && event.progress.phase === 'download') {
      const { file, planLoaded, planTotal } = event.progress;
      status(`loading ${file} ${((planLoaded / planTotal) * 100).toFixed(0)} %`);
    } else if (event.type === 'load') status(`${event.progress.phase} ${event.progress.model ?? ''}`);
    else if (event.type === 'ingest') {
      const { sourcesDone, sourcesTotal, chunksDone, chunksPerSecond } = event.progress;
      status(`documents ${sourcesDone}/${sourcesTotal}, ${chunksDone} passages, ${chunksPerSecond.toFixed(1)}/s`);
    } else if (event.type === 'event') console.error(event.event.message ?? event.event.type);
    else if (event.event?.type === 'retrieval') status(`reading ${event.event.used} of ${event.event.hits.length} passages`);
    else if (event.event?.type === 'token' && !json) {
      clear();
      process.stdout.write(event.event.text);
    }
  };
}

/** @param {any} result */
function print({ citations, timings, usage, models, collection }) {
  console.log('\n');
  for (const { supported, document, start, end, quote, sentence } of citations) {
    if (supported) console.log(`  ✓ ${document} [${start}–${end}]: “${quote.replace(/\s+/g, ' ')}”`);
    else console.log(`  ✗ no support: “${sentence}”`);
  }
  const { llm, embedder } = models;
  const rate = usage.completionTokens > 1 ? ((usage.completionTokens - 1) / timings.decodeMs) * 1000 : 0;
  console.log(
    `\n  ${collection.documents} documents, ${collection.chunks} passages; ${llm.model} ${llm.dtype} and ${embedder.model} ${embedder.dtype} on ${llm.device}` +
      ` (${llm.threads} threads)\n  ingest ${(timings.ingestMs / 1000).toFixed(1)} s, retrieval ${timings.retrievalMs.toFixed(0)} ms, first token ` +
      `${(timings.firstTokenMs / 1000).toFixed(1)} s, ${rate.toFixed(1)} tokens/s, ${usage.promptTokens} + ${usage.completionTokens} tokens`,
  );
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      docs: { type: 'string' },
      device: { type: 'string', default: 'auto' },
      k: { type: 'string' },
      'max-tokens': { type: 'string' },
      backend: { type: 'string' },
      model: { type: 'string' },
      /** Its earlier name. */
      llm: { type: 'string' },
      embedder: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(usage);
  const question = positionals.join(' ').trim();
  if (!values.docs || !question) throw new Error(`Both --docs and a question are needed.\n${usage}`);
  if (!['auto', 'wasm', 'webgpu'].includes(values.device)) throw new Error(`--device is auto, wasm or webgpu.\n${usage}`);
  const { folder, files } = await findDocuments(values.docs);
  const named = values.model ?? values.llm;
  const { mounts, model } = values.backend === 'wllama' ? modelFile(named) : { mounts: {}, model: named };
  const { page, close } = await openHeadless({
    mounts: { '/documents/': folder, ...mounts },
    onEvent: display(values.json),
  });
  try {
    const settings = {
      question,
      documents: files.map(addressOf),
      device: values.device,
      k: values.k && Number(values.k),
      maxTokens: values['max-tokens'] && Number(values['max-tokens']),
      backend: values.backend,
      model,
      embedder: values.embedder,
    };
    const result = await page.evaluate((input) => /** @type {any} */ (window).inpageHeadless.ask(input), settings);
    for (const line of result.collection.skipped) console.error(`left out: ${line}`);
    if (values.json) console.log(JSON.stringify(result));
    else print(result);
  } finally {
    await close();
  }
}

main().catch(fail);
