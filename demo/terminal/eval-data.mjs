// The data sets that `npm run eval` knows: public ones from a folder of them, in one form.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @typedef {import('../../src/eval/test-set.ts').TestCase} TestCase
 * @typedef {{ id: string, title?: string, text: string, url?: string, metadata: { id: string } }} EvalDocument
 * @typedef {{ documents: EvalDocument[], cases: (TestCase & { hops?: number })[] }} EvalData
 */

/** @param {string} path @returns {Promise<any[]>} */
const jsonLines = async (path) =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** @param {string} path */
const json = async (path) => JSON.parse(await readFile(path, 'utf8'));

/** Filters see metadata only, so that an id stands there too. @param {{ _id: string, title?: string, text: string }} entry */
const documentOf = ({ _id: id, title, text }) => ({ id, title, text, metadata: { id } });

/** @param {readonly string[]} ids */
const goldOf = (ids) => ids.map((document) => ({ document }));

/**
 * How each is read, how its documents are cut (`whole` where a document is a passage already), and which measures are shown for it.
 * @type {Record<string, { chunker: 'whole' | 'default', metrics: string[], read: (folder: string) => Promise<EvalData> }>}
 */
const sets = {
  scifact: {
    chunker: 'whole',
    metrics: ['ndcg@10', 'mrr@10', 'recall@10', 'map'],
    async read(folder) {
      const judged = (await readFile(join(folder, 'qrels.tsv'), 'utf8')).trim().split('\n').slice(1);
      /** @type {Map<string, string[]>} */
      const relevant = new Map();
      for (const [query = '', document = '', score] of judged.map((line) => line.split('\t'))) {
        if (Number(score) > 0) relevant.set(query, [...(relevant.get(query) ?? []), document]);
      }
      return {
        documents: (await jsonLines(join(folder, 'corpus.jsonl'))).map(documentOf),
        cases: (await jsonLines(join(folder, 'queries.jsonl'))).map(({ _id: id, text }) => ({
          id,
          question: text,
          gold: goldOf(relevant.get(id) ?? []),
        })),
      };
    },
  },
  'anthropic-docs-rag': {
    chunker: 'default',
    metrics: ['recall@3', 'precision@3', 'mrr@3', 'ndcg@10'],
    async read(folder) {
      /** @type {{ chunk_link: string, chunk_heading: string, text: string }[]} */
      const sections = await json(join(folder, 'docs.json'));
      /** @type {{ id: string, question: string, correct_chunks: string[], correct_answer: string }[]} */
      const questions = await json(join(folder, 'questions.json'));
      return {
        documents: sections.map(({ chunk_link: id, chunk_heading: title, text }) => ({
          id,
          title,
          text,
          url: id,
          metadata: { id },
        })),
        cases: questions.map(({ id, question, correct_chunks, correct_answer }) => ({
          id,
          question,
          gold: goldOf(correct_chunks),
          answers: [correct_answer],
        })),
      };
    },
  },
  musique: {
    chunker: 'whole',
    metrics: ['recall@2', 'recall@5', 'all@5', 'mrr@10'],
    async read(folder) {
      return {
        documents: (await jsonLines(join(folder, 'corpus.jsonl'))).map(documentOf),
        cases: (await jsonLines(join(folder, 'questions.jsonl'))).map(
          ({ _id: id, question, answer, answer_aliases, hops, gold }) => ({
            id,
            question,
            gold: goldOf(gold),
            answers: [answer, ...answer_aliases],
            hops,
          }),
        ),
      };
    },
  },
  'nq-open-oracle': {
    chunker: 'whole',
    metrics: ['recall@1', 'recall@5', 'mrr@10', 'ndcg@10'],
    async read(folder) {
      return {
        documents: (await jsonLines(join(folder, 'corpus.jsonl'))).map(documentOf),
        cases: (await jsonLines(join(folder, 'questions.jsonl'))).map(({ _id: id, question, answers, gold }) => ({
          id,
          question,
          answers,
          gold: goldOf(gold),
        })),
      };
    },
  },
};

/** Names of the data sets. */
export const dataNames = Object.keys(sets);

/**
 * Reads one.
 * @param {string} name @param {string} folder of all data sets
 * @returns {Promise<EvalData & { chunker: 'whole' | 'default', metrics: string[] }>}
 */
export async function readData(name, folder) {
  const set = sets[name];
  if (!set) throw new Error(`There is no data set "${name}". There are ${dataNames.join(', ')}.`);
  const { chunker, metrics } = set;
  return { chunker, metrics, ...(await set.read(join(folder, name))) };
}
