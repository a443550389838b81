// What the three workers offer. Every method takes its options last; `signal` and `onProgress` in them cross the boundary.
import type { AdapterInfo, AdaptProgress, AdaptResult, TrainingPair } from './adapter.ts';
import type { AssistantEvent } from './assistant.ts';
import type { CallOptions, ProgressOptions } from './call.ts';
import type { ChunkerSettings } from './chunker.ts';
import type { CapturedSource } from './document.ts';
import type { EmbedderInfo, EmbeddingSpace, EmbedOptions, TokenVectors, Vectors } from './embedder.ts';
import type { GraphProgress, KnowledgeGraph } from './graph.ts';
import type { IngestProgress } from './ingest.ts';
import type { ChatMessage, GenerateEvent, GenerateOptions, LlmInfo } from './llm.ts';
import type { DownloadPlan, LoadProgress } from './model.ts';
import type { OutlineGroup, OutlineOptions } from './outline.ts';
import type { RerankerInfo, RerankOptions } from './reranker.ts';
import type { SearchOptions } from './retriever.ts';
import type {
  DocumentRecord,
  Hit,
  ImportOptions,
  StoredPassage,
  StoreProgress,
  StoreQuery,
  StoreStats,
  VectorDocument,
  VectorProgress,
} from './store.ts';
import type { StoreServer } from './store-server.ts';

/** Common to the workers that run a model. `configure` comes first, once. */
export interface ModelApi<Configuration, Info> {
  configure(configuration: Configuration, options: CallOptions): void | Promise<void>;
  plan(options: CallOptions): Promise<DownloadPlan>;
  load(options: ProgressOptions<LoadProgress>): Promise<Info>;
}

export interface LlmApi<Configuration> extends ModelApi<Configuration, LlmInfo> {
  generate(messages: readonly ChatMessage[], options: GenerateOptions): AsyncIterable<GenerateEvent>;
  countTokens(input: string | readonly ChatMessage[], options: CallOptions): Promise<number>;
}

/** What is told of the calls that come through a port. */
export interface PortProgress {
  /** Calls that are running. */
  running: number;
  /** One of them has got further, or is done; else it has begun. */
  done: boolean;
}

/** The configuration says whether the model embeds or reranks. */
export interface EmbedApi<Configuration> extends ModelApi<Configuration, EmbedderInfo | RerankerInfo> {
  /** Progress is told a batch, as the number of rows done. */
  embed(texts: readonly string[], options: EmbedOptions & ProgressOptions<number>): Promise<Vectors>;
  /** Likewise. */
  embedTokens(texts: readonly string[], options: EmbedOptions & ProgressOptions<number>): Promise<TokenVectors[]>;
  /** Likewise. */
  rerank(query: string, texts: readonly string[], options: RerankOptions & ProgressOptions<number>): Promise<number[]>;
  /** Offers `load` and `embed` on a port too, for the store worker, for as long as the worker lives: never resolves. */
  connect(port: MessagePort, options: ProgressOptions<PortProgress>): Promise<never>;
}

/** A source that could not be added, as plain data. */
export interface IngestFailureData {
  source: number;
  name: string;
  error: object;
}

/** What the store worker tells on its own. */
export type StoreNotice = Extract<AssistantEvent, { type: 'storage-in-memory' | 'data-corrupt' | 'collection-changed' }>;

/** Collections as files. */
export interface TransferApi {
  /**
   * The next piece of an export, undefined after the last.
   * @param id of the export, chosen by the caller; the first call begins it
   */
  exportPiece(id: number, options: ProgressOptions<StoreProgress>): Promise<Uint8Array | undefined>;
  exportEnd(id: number, options: CallOptions): Promise<void>;
  /**
   * Brings the collection up to the index at a URL. Where that cannot be fetched, an earlier one from there will do.
   * @throws InpageError as `import`
   */
  sync(url: string, options: ProgressOptions<StoreProgress>): Promise<void>;
  /** @param place an absolute URL, a file, or its bytes */
  import(
    place: string | Blob | ReadableStream<Uint8Array>,
    options: ImportOptions,
  ): Promise<{ documents: number; chunks: number }>;
}

/** Which collection, and where it is. */
export interface CollectionSettings {
  name: string;
  memory?: number | undefined;
  server?: StoreServer | undefined;
}

/** The collection by itself. */
export interface CollectionApi extends TransferApi {
  /** Opens the collection; notices come as progress for as long as the call lasts, which is until `close`. */
  open(settings: CollectionSettings, options: ProgressOptions<StoreNotice | { type: 'opened' }>): Promise<void>;
  bind(space: EmbeddingSpace, options: CallOptions): Promise<void>;
  /** Adds documents; durable when it resolves. */
  put(documents: readonly VectorDocument[], options: CallOptions): Promise<VectorProgress>;
  find(queries: readonly StoreQuery[], options: CallOptions): Promise<Hit[][]>;
  list(options: CallOptions): Promise<DocumentRecord[]>;
  hash(document: string, options: CallOptions): Promise<string | undefined>;
  text(document: string, range: { start?: number; end?: number }, options: CallOptions): Promise<string>;
  passages(document: string, wanted: { vectors?: boolean }, options: CallOptions): Promise<StoredPassage[]>;
  remove(documents: readonly string[], options: CallOptions): Promise<number>;
  clear(options: CallOptions): Promise<void>;
  compact(options: ProgressOptions<StoreProgress>): Promise<void>;
  stats(options: CallOptions): Promise<StoreStats>;
  close(options: CallOptions): Promise<void>;
}

/** The collection with an embedder. */
export interface StoreApi extends CollectionApi {
  /** Where vectors come from: the port of an embedder. */
  setEmbedder(port: MessagePort, options: CallOptions): void;
  /**
   * The embedder at the other end is gone. What was asked of it waits for the next one, and what waits already rejects.
   * @returns whether anything waits
   */
  dropEmbedder(reason: object, options: CallOptions): boolean;
  add(
    sources: readonly CapturedSource[],
    chunker: ChunkerSettings,
    options: ProgressOptions<IngestProgress>,
  ): Promise<{ added: DocumentRecord[]; unchanged: string[]; failed: IngestFailureData[] }>;
  /** By vectors that the collection's adapter has corrected, where it has one. */
  search(queries: readonly string[], options: SearchOptions): Promise<Hit[][]>;
  outline(query: string, options: OutlineOptions): Promise<OutlineGroup[]>;
  /** A method of the graph; its arguments come without the options. */
  graph<M extends keyof KnowledgeGraph>(
    method: M,
    args: readonly unknown[],
    options: ProgressOptions<GraphProgress>,
  ): ReturnType<KnowledgeGraph[M]>;
  feedback(pair: TrainingPair, options: CallOptions): Promise<void>;
  adapt(
    pairs: readonly TrainingPair[] | 'documents' | undefined,
    options: ProgressOptions<AdaptProgress> & { seed?: number },
  ): Promise<AdaptResult>;
  forgetAdapter(options: CallOptions): Promise<void>;
  adapterInfo(options: CallOptions): Promise<AdapterInfo | undefined>;
}
