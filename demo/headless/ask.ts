// The main job, driven from a terminal: add documents, ask, hand back the answer with its citations.
import { type Assistant, type AssistantOptions, createAssistant, InpageError } from '../../src/index.ts';
import { chatModel } from './chat-model.ts';

export interface AskSettings {
  question: string;
  /** Addresses of the documents, and their names. */
  documents: readonly { url: string; id: string }[];
  device: NonNullable<AssistantOptions['device']>;
  k?: number;
  maxTokens?: number;
  /** What runs the chat model: `transformers`, `web-llm` or `wllama`. */
  backend?: string;
  model?: string;
  embedder?: string;
}

/** Where the embedded models lie: beside the built page. */
export const modelBase = new URL('models/', document.baseURI).href;

const emit = (event: unknown) => window.inpageEmit?.(event);

/** @returns plain data for the terminal */
export async function ask({ question, documents, device, k, maxTokens, backend, model, embedder }: AskSettings) {
  const started = performance.now();
  const assistant = await createAssistant({
    name: 'ask',
    device,
    llm: await chatModel({ backend, model, device, base: modelBase }),
    embedder,
    models: { base: modelBase },
    onProgress: (progress) => emit({ type: 'load', progress }),
    onEvent: (event) => emit({ type: 'event', event }),
  });
  const loadMs = performance.now() - started;
  const { skipped, ingestMs } = await addAll(assistant, documents);
  for await (const event of assistant.ask(question, { k, generation: { maxTokens } })) {
    emit({ type: 'answer', event });
    if (event.type !== 'done') continue;
    const stats = await assistant.stats();
    await assistant.close();
    return {
      answer: event.answer,
      reason: event.reason,
      citations: event.citations.map(
        ({ sentence, supported, score, document = null, start = null, end = null, quote = null }) => ({
          document,
          start,
          end,
          quote,
          supported,
          score,
          sentence,
        }),
      ),
      hits: event.hits.map(({ document, start, end, score, headings, text }) => ({
        document,
        start,
        end,
        score,
        headings,
        text,
      })),
      timings: { loadMs, ingestMs, ...event.timings },
      usage: event.usage,
      device: stats.llm?.device,
      models: { llm: stats.llm, embedder: stats.embedder && { ...stats.embedder, model: stats.embedder.space.model } },
      collection: { documents: stats.store.documents, chunks: stats.store.chunks, skipped },
    };
  }
  throw new Error('The answer ended without its last event.');
}

/** Adds what can be added; what cannot is named. Each document has its id in its metadata too, for filters. */
export async function addAll(assistant: Assistant, documents: AskSettings['documents']) {
  const started = performance.now();
  const sources = documents.map(({ url, id }) => ({ source: new URL(url, document.baseURI), id, metadata: { id } }));
  let skipped: string[] = [];
  try {
    await assistant.add(sources, { onProgress: (progress) => emit({ type: 'ingest', progress }) });
  } catch (error) {
    if (!InpageError.is(error, 'add-incomplete')) throw error;
    skipped = (error.detail.failed as { name: string; error: Error }[]).map(
      (failure) => `${failure.name}: ${failure.error.message}`,
    );
  }
  return { skipped, ingestMs: performance.now() - started };
}
