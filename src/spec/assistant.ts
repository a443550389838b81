// Assistant: the whole of inpage behind one object.

import type { AdapterInfo, AdaptOptions, AdaptResult, TrainingPair } from './adapter.ts';
import type { AgentStep, RunOptions } from './agent.ts';
import type { CallOptions, ProgressOptions } from './call.ts';
import type { ChunkerSettings } from './chunker.ts';
import type { Citation } from './citation.ts';
import type { DeviceReport, StepDown } from './device.ts';
import type { Source } from './document.ts';
import type { Embedder, EmbedderInfo } from './embedder.ts';
import type { AddResult, IngestProgress } from './ingest.ts';
import type { Llm, LlmInfo } from './llm.ts';
import type { DownloadPlan, LoadProgress, ModelSource } from './model.ts';
import type { Reranker } from './reranker.ts';
import type { Retriever, SearchOptions, TextOptions } from './retriever.ts';
import type { DocumentRecord, Hit, ImportOptions, ImportSource, StoreProgress, StoreStats } from './store.ts';
import type { StoreServer } from './store-server.ts';
import type { AnswerCacheOptions, AnswerEvent, AskOptions, Retrieval, StepEvent, Strategy } from './strategy.ts';

/** Things worth telling the user that are not errors. */
export type AssistantEvent =
  /** IndexedDB is not available: the collection lives in memory and is gone with the page. */
  | { type: 'storage-in-memory'; message: string }
  /**
   * Stored passages fail their checksum and are left out; `documents` are the ids to add again. Where the browser could not read the
   * collection and has emptied it, nobody knows them any more.
   */
  | { type: 'data-corrupt'; message: string; documents: readonly string[] }
  /** A worker ended unexpectedly; the next call starts a new one. */
  | { type: 'worker-died'; worker: 'llm' | 'embed' | 'store'; message: string }
  /** Likewise, but what it had not begun to answer is being answered by a new one: no call fails for it. */
  | { type: 'recovered'; worker: 'llm' | 'embed'; code: string; message: string }
  /** The device could not do what was tried first; one event a step. */
  | ({ type: 'step-down' } & StepDown)
  /** Another tab or assistant changed the collection. */
  | { type: 'collection-changed' };

/** How an assistant is made; everything has a default. */
export interface AssistantOptions extends ProgressOptions<LoadProgress> {
  /** Name of the collection; one IndexedDB database a name. @default 'default' */
  name?: string;
  /**
   * Folder name under `models.base`, id on `models.host`, or an `Llm`: one of your own, or of `transformersLlm()`. Several are in
   * order of preference: where one does not run the next is taken, with a `step-down` event.
   */
  llm?: string | Llm | readonly (string | Llm)[];
  /** Likewise for embeddings. A collection keeps the embedding model it was made with. */
  embedder?: string | Embedder;
  /** Where both models come from. @default { base: '/models/' } */
  models?: ModelSource;
  /** @default 'auto': WebGPU where the adapter is real, else WASM; where that fails a lesser way, with a `step-down` event */
  device?: 'auto' | 'webgpu' | 'wasm';
  /**
   * Tabs of one origin share a loaded model, which runs in one of them. When that one is closed another loads it from the cache.
   * @default true
   */
  shareTabs?: boolean;
  /**
   * Bytes of vectors and texts that are kept in memory; less makes searching slower. The codes, an eighth of the vectors, come on
   * top. @default an eighth of the device's memory, at most 512 MiB
   */
  memory?: number;
  /** Keeps the collection on a server instead of in the browser: documents and their vectors go there. Search is dense only. */
  server?: StoreServer;
  /**
   * Address of an index that `npx inpage build` or `export()` made, relative to the page. It is fetched when the assistant is
   * created; one that the collection has already is left alone, and a changed one replaces what came from the old one. Where it
   * cannot be fetched, the one that is there will do. The embedding model must be the one that it was made with.
   */
  index?: string | URL;
  /** How documents are cut. */
  chunker?: ChunkerSettings;
  /** How answers come about: the name of a built-in one, or one of your own. @default 'naive' */
  strategy?: string | Strategy;
  /**
   * Gives an answer again where the same is asked in other words, for as long as the assistant lives and the answer's sources have
   * not changed.
   * @default false
   */
  cache?: boolean | AnswerCacheOptions;
  /** Scores passages anew, for strategies that rerank. @default none */
  reranker?: Reranker;
  /**
   * When the models are loaded: at creation, or each at its first use. `false` opens a collection at once.
   * @default true
   */
  preload?: boolean;
  /** Asked before anything is downloaded; `false` rejects with `download-declined`. @default yes */
  confirmDownload?: (plan: DownloadPlan) => boolean | Promise<boolean>;
  onEvent?: (event: AssistantEvent) => void;
}

/** State of the collection, the models and the device. */
export interface AssistantStats {
  store: StoreStats;
  /** Undefined until loaded. */
  llm?: LlmInfo;
  embedder?: EmbedderInfo;
  /** What the collection has learned, if it has. */
  adapter?: AdapterInfo;
  device: DeviceReport;
}

/** Answers questions from the documents that it was given. */
export interface Assistant extends Retriever {
  /** Loads both models, if they are not yet. */
  load(options?: ProgressOptions<LoadProgress>): Promise<void>;
  /**
   * Reads, cuts, embeds and stores. A document whose content has not changed is left alone, a changed one is replaced.
   * A source that fails does not stop the others: with one source the call rejects with its error, with several it rejects
   * at the end with `add-incomplete`, whose `detail` has `added`, `unchanged` and `failed` ({@link IngestFailure}).
   */
  add(sources: Source | Iterable<Source>, options?: ProgressOptions<IngestProgress>): Promise<AddResult>;
  search(query: string, options?: SearchOptions): Promise<Hit[]>;
  search(queries: readonly string[], options?: SearchOptions): Promise<Hit[][]>;
  /**
   * The passages that `ask` would answer from, by the assistant's strategy; no answer is written.
   * @throws InpageError `invalid-argument` for an empty question, or a strategy that cannot retrieve by itself
   */
  retrieve(question: string, options?: AskOptions & { onStep?: (step: StepEvent) => void }): Promise<Retrieval>;
  /** Streams an answer with checked citations. */
  ask(question: string, options?: AskOptions): AsyncIterable<AnswerEvent>;
  /**
   * Works on a task with tools, step by step; the last step is `done`. Leaving the loop ends the run.
   * @throws InpageError `invalid-argument` for an empty task, options out of range, an unknown pattern or tools that are none
   */
  run(task: string, options?: RunOptions): AsyncIterable<AgentStep>;
  /** Documents in the order in which they were added. */
  documents(options?: CallOptions): Promise<DocumentRecord[]>;
  text(document: string, options?: TextOptions): Promise<string>;
  /** Removes documents by id; gives how many were there. */
  remove(documents: string | readonly string[], options?: CallOptions): Promise<number>;
  /** Removes everything from the collection, so that another embedding model may be used. */
  clear(options?: CallOptions): Promise<void>;
  /**
   * The collection as one file: `new Response(assistant.export()).blob()`, or `assistant.export().pipeTo(…)`.
   * @throws as {@link Store.export}, when the stream is read
   */
  export(options?: ProgressOptions<StoreProgress>): ReadableStream<Uint8Array>;
  /**
   * Adds the documents of a file that `export` or `npx inpage build` made, all or none, without embedding them anew.
   * @throws InpageError as {@link Store.import}
   */
  import(source: ImportSource, options?: ImportOptions): Promise<{ documents: number; chunks: number }>;
  /**
   * Notes that a passage answers a question, or does not; `adapt` learns from it. The last word on a passage counts.
   * @param passage a hit, or a citation that is supported
   * @param value 1 if it answers, -1 if it only looked so
   * @throws InpageError `invalid-argument` for an empty question, another value, or a citation without a source
   */
  feedback(question: string, passage: TrainingPair['passage'] | Citation, value: 1 | -1, options?: CallOptions): Promise<void>;
  /**
   * Learns a low-rank correction of questions' vectors (an "adapter"), and tries it on a third of the questions, which are held out.
   * It is kept with the collection, and used by every search, if the held-out questions find their passages better, beyond chance; if
   * not, everything stays as it is, and the result says so. Runs in the worker beside searches. Takes under a minute for 1,000 pairs.
   * A new adapter replaces the one before.
   * @throws InpageError `invalid-argument` where there are fewer than 30 questions with a passage
   */
  adapt(options?: AdaptOptions): Promise<AdaptResult>;
  /** Searches as if `adapt` had never been called. */
  forgetAdapter(options?: CallOptions): Promise<void>;
  stats(options?: CallOptions): Promise<AssistantStats>;
  /** Ends the workers. Running calls reject with `closed`; what was acknowledged stays. */
  close(): Promise<void>;
}
