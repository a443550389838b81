// The texts of the benchmark: sentences of the shared data as passages, its claims and questions as queries.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Shortest and longest passage, UTF-16 code units. */
const [shortest, longest] = [24, 600];

/**
 * Distinct sentences in a fixed order without meaning, and distinct queries.
 * @param {string} folder the shared data
 * @returns {Promise<{ passages: string[], queries: string[] }>}
 * @throws Error where the data is not there
 */
export async function readTexts(folder) {
  if (!existsSync(join(folder, 'scifact'))) {
    throw new Error(
      `No data in "${folder}" (scifact, musique, nq-open-oracle, anthropic-docs-rag). Name its folder with --data.`,
    );
  }
  /** @param {string} path @param {string} field */
  const lines = async (path, field) =>
    (await readFile(join(folder, path), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => /** @type {string} */ (JSON.parse(line)[field]));
  /** @param {string} path @param {string} field */
  const list = async (path, field) =>
    JSON.parse(await readFile(join(folder, path), 'utf8')).map((/** @type {Record<string, string>} */ entry) => entry[field]);
  const documents = (
    await Promise.all([
      lines('scifact/corpus.jsonl', 'text'),
      lines('musique/corpus.jsonl', 'text'),
      lines('nq-open-oracle/corpus.jsonl', 'text'),
      list('anthropic-docs-rag/docs.json', 'text'),
    ])
  ).flat();
  const queries = (
    await Promise.all([
      lines('scifact/queries.jsonl', 'text'),
      lines('musique/questions.jsonl', 'question'),
      lines('nq-open-oracle/questions.jsonl', 'question'),
      list('anthropic-docs-rag/questions.json', 'question'),
    ])
  ).flat();
  return { passages: shuffled(distinct(documents.flatMap(sentences))), queries: shuffled(distinct(queries)) };
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** @param {string} text */
function sentences(text) {
  const found = [];
  for (const paragraph of text.split(/\n+/)) {
    for (const { segment } of segmenter.segment(paragraph)) {
      const sentence = segment.replace(/\s+/g, ' ').trim();
      if (sentence.length >= shortest && sentence.length <= longest && /[a-z]{3}/i.test(sentence)) found.push(sentence);
    }
  }
  return found;
}

/** Texts that differ in more than case, which the model does not see. @param {string[]} texts */
function distinct(texts) {
  return [...new Map(texts.map((text) => [text.toLowerCase(), text])).values()];
}

/** In the order of their digests: as good as a shuffle, and the same everywhere. @param {string[]} texts */
function shuffled(texts) {
  const digest = (/** @type {string} */ text) => createHash('sha256').update(text).digest('hex');
  return texts
    .map((text) => ({ text, digest: digest(text) }))
    .sort((a, b) => (a.digest < b.digest ? -1 : 1))
    .map(({ text }) => text);
}
