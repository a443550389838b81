// The composition root: workers, models, collection and strategy behind one object.
import { captureSource, sourceName } from '../load/capture-source.ts';
import { loadStrategy } from '../rag/index.ts';
import { probeDevice } from '../runtime/device.ts';
import type { TrainingPair } from '../spec/adapter.ts';
import type { AgentStep, RunOptions } from '../spec/agent.ts';
import type { Assistant, AssistantEvent, AssistantOptions } from '../spec/assistant.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { StepDown } from '../spec/device.ts';
import type { CapturedSource, Source } from '../spec/document.ts';
import type { Embedder, EmbedderInfo } from '../spec/embedder.ts';
import type { AddResult, IngestFailure } from '../spec/ingest.ts';
import type { Llm, LlmInfo } from '../spec/llm.ts';
import type { LoadProgress } from '../spec/model.ts';
import type { Outline } from '../spec/outline.ts';
import type { SearchOptions } from '../spec/retriever.ts';
import type { StoreProgress } from '../spec/store.ts';
import type { AnswerEvent, AskOptions, StrategyContext } from '../spec/strategy.ts';
import { Shared } from '../util/async.ts';
import { deserializeError, InpageError, type SerializedError } from '../util/errors.ts';
import { collectionGraph } from './collection-graph.ts';
import { CollectionHost } from './collection-host.ts';
import { preferredLlm } from './preferred-llm.ts';
import { absoluteServer } from './store-server.ts';
import { absolute, exportStream, importFile, type TransferCall } from './transfer.ts';
import { transformersEmbedder } from './transformers-embedder.ts';
import { transformersLlm } from './transformers-llm.ts';
import { closedError } from './worker-host.ts';

/**
 * Opens a collection and, unless `preload` is false, loads the models.
 * @throws InpageError `invalid-argument`, `worker-failed`, `storage-failed`, and those of loading a model
 */
export async function createAssistant(options: AssistantOptions = {}): Promise<Assistant> {
  const { name = 'default', preload = true, signal, onProgress } = options;
  if (typeof name !== 'string' || name.trim() === '' || name.length > 200) {
    throw new InpageError('invalid-argument', 'The name of a collection is a text of 1 to 200 characters.', { detail: { name } });
  }
  signal?.throwIfAborted();
  const assistant = compose(name, options);
  try {
    await assistant.open(signal);
    if (preload) await assistant.api.load({ signal, onProgress });
    return assistant.api;
  } catch (error) {
    await assistant.api.close();
    throw error;
  }
}

function compose(name: string, options: AssistantOptions) {
  const { models, device, shareTabs, confirmDownload, memory, server, chunker = {}, reranker, onEvent } = options;
  const emit = (event: AssistantEvent) => onEvent?.(event);
  const onStepDown = (event: StepDown) => emit({ type: 'step-down', ...event });
  const common = { source: models, device, shareTabs, confirmDownload, onStepDown };
  const died = (worker: 'llm' | 'embed' | 'store') => (error: InpageError) =>
    emit({ type: 'worker-died', worker, message: error.message });
  /** Who is told that a model's worker has ended. */
  const watch = (worker: 'llm' | 'embed') => ({
    onWorkerDeath: died(worker),
    onRecover: ({ code, message }: InpageError) => emit({ type: 'recovered', worker, code, message }),
  });
  const embedder: Embedder =
    typeof options.embedder === 'object'
      ? options.embedder
      : transformersEmbedder({ ...common, model: options.embedder, ...watch('embed') });
  const asLlm = (choice: string | Llm | undefined): Llm =>
    typeof choice === 'object' ? choice : transformersLlm({ ...common, model: choice, ...watch('llm') });
  const choices = Array.isArray(options.llm)
    ? (options.llm as readonly (string | Llm)[])
    : [options.llm as string | Llm | undefined];
  const llm = preferredLlm(choices.map(asLlm), onStepDown);
  const strategy = new Shared(async () => {
    const { strategy = 'naive', cache } = options;
    const chosen = typeof strategy === 'string' ? await loadStrategy(strategy) : strategy;
    if (!cache) return chosen;
    const { cached } = await import('../rag/cached.ts');
    return cached(chosen, cache === true ? {} : cache);
  });
  const settings = { name, memory, server: absoluteServer(server) };
  const collection = new CollectionHost({ settings, embedder, onNotice: emit, onDeath: died('store') });

  let closing: Promise<void> | undefined;
  const info: { llm?: LlmInfo; embedder?: EmbedderInfo } = {};
  const loadEmbedder = async (call: ProgressOptions<LoadProgress>) => {
    info.embedder = await embedder.load(call);
  };
  const loadLlm = async (call: ProgressOptions<LoadProgress>) => {
    info.llm = await llm.load(call);
  };
  /** What the store worker needs to embed: the model, and a way to it. */
  const readyToEmbed = async (signal: AbortSignal | undefined) => {
    await loadEmbedder({ signal, onProgress: options.onProgress });
    await collection.ready({ signal });
  };
  const transfer: TransferCall = (...call) => collection.call(...call);
  /** Opens the collection and brings it up to the index. */
  const open = async (signal: AbortSignal | undefined) => {
    await collection.open(signal);
    if (options.index === undefined) return;
    const onProgress = ({ done, total }: StoreProgress) => options.onProgress?.({ phase: 'index', loaded: done, total });
    await collection.call('sync', [absolute(options.index)], {}, { signal, onProgress });
  };
  const ensureOpen = () => {
    if (closing) throw closedError();
  };
  const outline: Outline = {
    async groups(query, { signal, count } = {}) {
      await readyToEmbed(signal);
      return collection.call('outline', [query], { count }, { signal });
    },
  };
  const graph = collectionGraph(async (method, args, { signal, onProgress, ...options }) => {
    await readyToEmbed(signal);
    return collection.call('graph', [method, args], options, { signal, onProgress });
  });
  const context = (): StrategyContext => ({
    llm,
    embedder,
    retriever: api,
    ...(reranker && { reranker }),
    ...(!server && { outline, graph }),
  });

  const api: Assistant = {
    async load({ signal, onProgress = options.onProgress } = {}) {
      ensureOpen();
      await loadEmbedder({ signal, onProgress });
      if ((await strategy.get({ signal })).needs?.llm !== false) await loadLlm({ signal, onProgress });
    },

    async add(sources, { signal, onProgress } = {}) {
      ensureOpen();
      signal?.throwIfAborted();
      const captured = capture(sources);
      await readyToEmbed(signal);
      const { failed, ...result } = await collection.call('add', [captured, chunker], {}, { signal, onProgress });
      return settle(captured, result, failed as (Omit<IngestFailure, 'error'> & { error: SerializedError })[]);
    },

    // One query or several; the declared overloads say which gives what.
    async search(query: string | readonly string[], { signal, ...rest }: SearchOptions = {}): Promise<never> {
      ensureOpen();
      const queries = typeof query === 'string' ? [query] : query;
      for (const text of queries) requireText('query', text);
      if (rest.mode !== 'lexical') await readyToEmbed(signal);
      const hits = await collection.call('search', [queries], rest, { signal });
      return (typeof query === 'string' ? hits[0] : hits) as never;
    },

    async retrieve(question, { onStep, ...ask } = {}) {
      ensureOpen();
      requireText('question', question);
      const { name, retrieve } = await strategy.get({ signal: ask.signal });
      if (!retrieve) {
        throw new InpageError('invalid-argument', `The strategy "${name}" only answers. Use ask(), or give it a retrieve().`);
      }
      const steps = retrieve(question, context(), ask);
      for (;;) {
        const { done, value } = await steps.next();
        if (done) return value;
        onStep?.(value);
      }
    },

    async *ask(question, ask: AskOptions = {}): AsyncGenerator<AnswerEvent> {
      ensureOpen();
      requireText('question', question);
      const { signal } = ask;
      await api.load({ signal });
      yield* (await strategy.get({ signal })).answer(question, context(), ask);
    },

    async *run(task: string, options?: RunOptions): AsyncGenerator<AgentStep> {
      ensureOpen();
      const { runAgent } = await import('../agent/run.ts');
      yield* runAgent(task, { llm, embedder }, options);
    },

    async documents({ signal } = {}) {
      ensureOpen();
      return collection.call('list', [], {}, { signal });
    },

    async text(document, { signal, ...range } = {}) {
      ensureOpen();
      return collection.call('text', [document, range], {}, { signal });
    },

    async remove(documents, { signal } = {}) {
      ensureOpen();
      return collection.call('remove', [typeof documents === 'string' ? [documents] : documents], {}, { signal });
    },

    async clear({ signal } = {}) {
      ensureOpen();
      await collection.call('clear', [], {}, { signal });
    },

    export(call) {
      ensureOpen();
      return exportStream(transfer, call);
    },

    async import(source, call) {
      ensureOpen();
      return importFile(transfer, source, call);
    },

    async feedback(question, passage, value, { signal } = {}) {
      ensureOpen();
      requireText('question', question);
      await collection.call('feedback', [toTrainingPair(question, passage, value)], {}, { signal });
    },

    async adapt({ pairs, seed, signal, onProgress } = {}) {
      ensureOpen();
      await readyToEmbed(signal);
      return collection.call('adapt', [pairs], { seed }, { signal, onProgress });
    },

    async forgetAdapter({ signal } = {}) {
      ensureOpen();
      await collection.call('forgetAdapter', [], {}, { signal });
    },

    async stats({ signal } = {}) {
      ensureOpen();
      const [store, adapter, report] = await Promise.all([
        collection.call('stats', [], {}, { signal }),
        collection.call('adapterInfo', [], {}, { signal }),
        probeDevice(),
      ]);
      return { store, device: report, ...info, ...(adapter && { adapter }) };
    },

    close() {
      closing ??= Promise.all([collection.close(), embedder.close(), llm.close(), reranker?.close()]).then(() => {});
      return closing;
    },
  };
  return { api, open };
}

/** @throws InpageError `invalid-argument` for a citation without a source, or another value than 1 and -1 */
function toTrainingPair(
  question: string,
  { document, start, end }: Partial<TrainingPair['passage']>,
  value: number,
): TrainingPair {
  if (document === undefined || start === undefined || end === undefined || Math.abs(value) !== 1) {
    const message = 'Feedback needs a hit, or a citation that is supported, and the value 1 or -1.';
    throw new InpageError('invalid-argument', message, { detail: { document, value } });
  }
  return { question, passage: { document, start, end }, relevant: value === 1 };
}

function requireText(what: string, text: unknown): void {
  if (typeof text !== 'string' || text.trim() === '') {
    throw new InpageError('invalid-argument', `The ${what} is empty. Give it at least one word.`);
  }
}

function capture(sources: Source | Iterable<Source>): CapturedSource[] {
  const list = isList(sources) ? [...sources] : [sources];
  return list.map(captureSource);
}

/** Strings are iterable too, and so may be an element (a form's controls). */
function isList(sources: Source | Iterable<Source>): sources is Iterable<Source> {
  const element = 'Node' in globalThis && sources instanceof Node;
  return typeof sources === 'object' && sources !== null && !element && Symbol.iterator in sources;
}

/** One failing source of one rejects with its own error, of several with a list. */
function settle(
  sources: readonly CapturedSource[],
  result: AddResult,
  failed: readonly (Omit<IngestFailure, 'error'> & { error: SerializedError })[],
): AddResult {
  if (failed.length === 0) return result;
  const failures = failed.map((failure) => ({ ...failure, error: deserializeError(failure.error) }));
  if (sources.length === 1 && result.added.length + result.unchanged.length === 0) throw failures[0]!.error;
  const list = failures.map(({ source, error }) => `${sourceName(sources[source]!)}: ${error.message}`).join('\n');
  throw new InpageError('add-incomplete', `${failures.length} of ${sources.length} sources could not be added.\n${list}`, {
    detail: { ...result, failed: failures },
  });
}
