// Collections for the evaluation: made once in pieces, kept as a file by the terminal, imported by later runs.
import { type Assistant, type ChunkerSettings, createAssistant, type TextSource } from '../../src/index.ts';
import { modelBase } from './ask.ts';

/** What is measured on, as the terminal has written it. */
export interface EvalSet {
  documents: readonly (TextSource & { id: string })[];
  chunker: keyof typeof chunkers;
}

/** `whole`: a document is one passage, up to the longest that a chunker makes. */
export const chunkers = {
  whole: { type: 'sentence', maxTokens: 2048, overlap: 0 },
  default: {},
} as const satisfies Record<string, ChunkerSettings>;

/** Documents between two saves. */
const batchSize = 256;

declare global {
  interface Window {
    /** Supplied by the terminal: keeps the next piece of a file; without a piece the file is complete. */
    inpageSave?: (file: string, base64?: string) => Promise<void>;
  }
}

async function save(assistant: Assistant, file: string): Promise<void> {
  for await (const piece of assistant.export() as unknown as AsyncIterable<Uint8Array>) {
    let binary = '';
    for (let at = 0; at < piece.length; at += 0x8000) binary += String.fromCharCode(...piece.subarray(at, at + 0x8000));
    await window.inpageSave!(file, btoa(binary));
  }
  await window.inpageSave!(file);
}

/**
 * Adds what is not in the file yet, saving it after each batch, so that a run that was cut off goes on from there.
 * @param set address of the documents @param file name of the collection's file @param present whether there is one
 */
export async function buildCollection({ set, file, present }: { set: string; file: string; present: boolean }) {
  const { documents, chunker }: EvalSet = await (await fetch(set)).json();
  const assistant = await createAssistant({
    name: `build-${file}`,
    preload: false,
    device: 'wasm',
    models: { base: modelBase },
    chunker: chunkers[chunker],
  });
  if (present) await assistant.import(new URL(`eval/${file}`, document.baseURI));
  for (let at = 0; at < documents.length; at += batchSize) {
    const { added } = await assistant.add(documents.slice(at, at + batchSize));
    if (added.length > 0) await save(assistant, file);
    window.inpageEmit?.({
      type: 'collection',
      what: file.replace(/\..*/, ''),
      done: Math.min(at + batchSize, documents.length),
      total: documents.length,
    });
  }
  const { store } = await assistant.stats();
  await assistant.close();
  return { documents: store.documents, passages: store.chunks };
}
