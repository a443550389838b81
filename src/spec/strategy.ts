// Strategy: from a question to a stream of answer events.
import type { CallOptions } from './call.ts';
import type { Citation, Contradiction } from './citation.ts';
import type { Embedder } from './embedder.ts';
import type { KnowledgeGraph } from './graph.ts';
import type { ChatMessage, GenerateOptions, Llm, Usage } from './llm.ts';
import type { Filter } from './metadata.ts';
import type { Outline } from './outline.ts';
import type { Reranker } from './reranker.ts';
import type { Retriever } from './retriever.ts';
import type { Hit } from './store.ts';

/** Options of one question. */
export interface AskOptions extends CallOptions {
  /** Passages to retrieve, 1–50. @default 4 */
  k?: number;
  filter?: Filter;
  /** Earlier turns of the conversation. */
  history?: readonly ChatMessage[];
  /** Passages below this cosine are not relevant; if none reaches it the answer abstains. */
  minScore?: number;
  /**
   * Probability that the passages hold the answer below which there is none, 0–1; set for the default embedding model.
   * @default 0.15, which refuses about 2 of 100 questions that have an answer; 0 where `minScore` is given
   */
  minConfidence?: number;
  /**
   * Who makes the answer: `generate`: the chat model; `extract`: sentences of the passages come first, and the model adds what they
   * support; `auto`: `extract` for models of less than a billion parameters and on an emulated GPU. @default 'auto'
   */
  lead?: 'auto' | 'extract' | 'generate';
  /** Sampling; `signal` is taken from the call. */
  generation?: Omit<GenerateOptions, 'signal'>;
  /** Tokens that the prompt may use. @default by device */
  promptTokens?: number;
}

/** Where the time of an answer went. */
export interface AnswerTimings {
  /** Question embedding and search, ms. */
  retrievalMs: number;
  /** From the start of `ask` to the first token, ms. */
  firstTokenMs: number;
  /** The model's own time to the first token, ms. */
  prefillMs: number;
  decodeMs: number;
  /** Checking of citations, ms. */
  citationMs: number;
  totalMs: number;
}

/** A decision on the way to an answer: what was done, and why. */
export interface StepEvent {
  type: 'step';
  /** Name of the strategy that took it. */
  strategy: string;
  /** `search`, `condense`, `route`, `rewrite`, `expand`, `rerank`, `prune`, `judge`, `cache` and the like. */
  step: string;
  /** In a sentence, for the reader. */
  reason?: string;
  /** Queries and figures, as plain data. */
  detail?: Readonly<Record<string, unknown>>;
}

/** What an answer is written from. */
export interface Retrieval {
  /** The question as it stands by itself, with what it takes from earlier turns worked in. */
  question: string;
  /** Best first. */
  hits: readonly Hit[];
  /** Probability that the hits hold the answer, 0–1, where the strategy has judged it. */
  confidence?: number;
}

/** Why there is no answer, and what came nearest. */
export interface Abstention {
  /** `empty`: no document was searched; `irrelevant`: nothing is about this; `unanswered`: something is, but the answer is not in it. */
  reason: 'empty' | 'irrelevant' | 'unanswered';
  /** Probability that the passages hold the answer, 0–1. */
  confidence: number;
  /** Closest passages, best first. */
  closest: readonly Hit[];
}

/** How the words of an answer came about: by the chat model, out of the documents, or given before to the same question. */
export type AnswerMethod = 'generated' | 'extracted' | 'cached';

/** What an answer is made of: `step`s, then `retrieval`, `token`s, `citation`s, `done`. A strategy that retrieves again repeats them. */
export type AnswerEvent =
  | StepEvent
  /** The passages found, best first; those in the prompt are numbered from 1 in this order. */
  | { type: 'retrieval'; hits: readonly Hit[]; used: number }
  | { type: 'token'; text: string }
  | { type: 'citation'; citation: Citation }
  | {
      type: 'done';
      answer: string;
      /** `abstained`: no answer was found; `abstention` says why. */
      reason: 'stop' | 'length' | 'abstained';
      method: AnswerMethod;
      abstention?: Abstention;
      hits: readonly Hit[];
      citations: readonly Citation[];
      /** What the passages say differently, where they do. */
      contradictions?: readonly Contradiction[];
      timings: AnswerTimings;
      usage: Usage;
    };

/** When an answer is given again to a question that asks the same. */
export interface AnswerCacheOptions {
  /** Cosine of two questions from which they may ask the same; by the default embedding model's scale. @default 0.9 */
  minCosine?: number;
  /** Answers that are kept, the last ones. @default 200 */
  maxEntries?: number;
}

/** What a strategy works with. */
export interface StrategyContext {
  llm: Llm;
  embedder: Embedder;
  retriever: Retriever;
  /** Scores passages anew, where the page has named one. */
  reranker?: Reranker;
  /** Groups of passages, where the collection is in the browser. */
  outline?: Outline;
  /** Passages and the names that they share, likewise. */
  graph?: KnowledgeGraph;
}

/** A way to find passages, and to answer from them. */
export interface Strategy {
  readonly name: string;
  /** What must be loaded to answer. @default both models */
  readonly needs?: { llm?: boolean };
  /** Finds passages and tells its steps; without it only answers can be asked for. */
  retrieve?(question: string, context: StrategyContext, options?: AskOptions): AsyncGenerator<StepEvent, Retrieval, undefined>;
  answer(question: string, context: StrategyContext, options?: AskOptions): AsyncIterable<AnswerEvent>;
}
