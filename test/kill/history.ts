// A history that every tab knows: the whole content follows from the number of operations, so that a reader can tell a state that
// never was.
import { createKillDocument, type KillDocument, killSpace } from './documents.ts';

/** A document to write, or the id of one to remove. */
export type Step = { put: KillDocument } | { remove: string };

/** Documents that stay before the oldest is removed. */
const kept = 25;

/** Operation `index`, from 0: by turns a new document, another version of one and the same, and the removal of the oldest. */
export function stepOf(index: number): Step {
  const round = Math.floor(index / 3);
  if (index % 3 === 0) return { put: documentOf(`document ${round}`, index) };
  if (index % 3 === 1 || round < kept) return { put: documentOf('replaced', index) };
  return { remove: `document ${round - kept}` };
}

/** What is there after so many operations: the document of each id. */
export function contentAfter(operations: number): Map<string, KillDocument> {
  const rounds = Math.floor(operations / 3);
  const content = new Map<string, KillDocument>();
  for (let round = Math.max(0, rounds - kept); round * 3 < operations; round++) {
    content.set(`document ${round}`, documentOf(`document ${round}`, round * 3));
  }
  for (let index = operations - 1; index >= 0; index--) {
    const step = stepOf(index);
    if (!('put' in step) || step.put.head.id !== 'replaced') continue;
    content.set('replaced', step.put);
    break;
  }
  return content;
}

/** The text of the document that the operation before `version` has written. */
export function textOf(version: number): string {
  const step = stepOf(version - 1);
  return 'put' in step ? step.put.text : '';
}

const documents = new Map<number, KillDocument>();

/** With passages, so that every operation can be seen in a search. */
function documentOf(id: string, index: number): KillDocument {
  const known = documents.get(index);
  if (known) return known;
  const document = createKillDocument({ id, kind: 'few', version: index + 1 }, killSpace.dimension);
  documents.set(index, document);
  return document;
}
