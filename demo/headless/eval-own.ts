// A test set out of files of one's own: added to a collection of the page, and asked about.
import { makeTestSet } from '../../src/eval/make-test-set.ts';
import type { TestCase } from '../../src/eval/test-set.ts';
import { addAll } from './ask.ts';
import { type EvalCollection, openSubject } from './eval-subject.ts';

/** @param documents their addresses and names */
export async function makeOwn({
  documents,
  n,
  seed,
}: {
  documents: readonly { url: string; id: string }[];
  n?: number;
  seed: number;
}) {
  const own: EvalCollection = { collection: 'own', chunker: 'default' };
  const { assistant } = await openSubject('naive', own);
  try {
    const { skipped } = await addAll(assistant, documents);
    const set = await makeTestSet(assistant, { n, seed });
    const cases: readonly TestCase[] = set.cases;
    return { ...own, cases, skipped };
  } finally {
    await assistant.close();
  }
}
