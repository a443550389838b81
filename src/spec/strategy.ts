// Strategy: from a question to a stream of answer events.
import type { CallOptions } from './call.ts';
import type { Citation } from './citation.ts';
import type { Embedder } from './embedder.ts';
import type { ChatMessage, GenerateOptions, Llm, Usage } from './llm.ts';
import type { Filter } from './metadata.ts';
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

/** What an answer is made of, in this order: `retrieval`, `token`s, `citation`s, `done`. */
export type AnswerEvent =
  /** The passages found, best first; those in the prompt are numbered from 1 in this order. */
  | { type: 'retrieval'; hits: readonly Hit[]; used: number }
  | { type: 'token'; text: string }
  | { type: 'citation'; citation: Citation }
  | {
      type: 'done';
      answer: string;
      /** `abstained`: nothing relevant was found and no model was asked. */
      reason: 'stop' | 'length' | 'abstained';
      hits: readonly Hit[];
      citations: readonly Citation[];
      timings: AnswerTimings;
      usage: Usage;
    };

/** What a strategy works with. */
export interface StrategyContext {
  llm: Llm;
  embedder: Embedder;
  retriever: Retriever;
}

/** A way to answer. */
export interface Strategy {
  readonly name: string;
  answer(question: string, context: StrategyContext, options?: AskOptions): AsyncIterable<AnswerEvent>;
}
