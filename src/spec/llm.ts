// Llm: messages in, tokens out.
import type { CallOptions, ProgressOptions } from './call.ts';
import type { Device, LoadProgress } from './model.ts';

/** A turn of a conversation. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** A loaded chat model. */
export interface LlmInfo {
  model: string;
  revision: string;
  device: Device;
  dtype: string;
  /** Threads of the WASM runtime; 1 on WebGPU. */
  threads: number;
  /** The adapter is an emulation on the CPU: correct, but very slow. */
  software: boolean;
  /** Context window in tokens, prompt and answer together. */
  contextTokens: number;
}

/** Sampling and limits of one generation. */
export interface GenerateOptions extends CallOptions {
  /** Upper length of the answer in tokens. @default 256 */
  maxTokens?: number;
  /** 0 is greedy. Range 0–2. @default 0 */
  temperature?: number;
  /** Keep the smallest set of tokens whose probability reaches this. Range (0, 1]. @default 1 */
  topP?: number;
  /** Keep this many tokens; 0 keeps all. @default 0 */
  topK?: number;
  /** Drop tokens below this share of the best token's probability. Range [0, 1). @default 0 */
  minP?: number;
  /** Divide the logits of tokens seen before (CTRL, arXiv:1909.05858). 1 is off. @default 1 */
  repetitionPenalty?: number;
  /** Makes sampling repeatable. @default random */
  seed?: number;
  /** Generation ends before any of these texts. */
  stop?: readonly string[];
}

/** Length of a prompt and its answer, in tokens. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
}

/** Where the time of a generation went. */
export interface GenerateTimings {
  /** From the start of the work to the first token, in ms. */
  prefillMs: number;
  /** From the first token to the last, in ms. */
  decodeMs: number;
}

/** Tokens as they come, then one `done`. */
export type GenerateEvent =
  | { type: 'token'; text: string }
  | { type: 'done'; text: string; reason: 'stop' | 'length'; usage: Usage; timings: GenerateTimings };

/** A chat model. Calls wait for each other. */
export interface Llm {
  /** Loads the model; later calls give the same answer at once. */
  load(options?: ProgressOptions<LoadProgress>): Promise<LlmInfo>;
  /**
   * Streams an answer. Aborting takes effect between two tokens.
   * @throws InpageError `context-overflow` if the prompt leaves no room for an answer
   */
  generate(messages: readonly ChatMessage[], options?: GenerateOptions): AsyncIterable<GenerateEvent>;
  /** Tokens of a text, or of messages with the chat template around them. */
  countTokens(input: string | readonly ChatMessage[], options?: CallOptions): Promise<number>;
  close(): Promise<void>;
}
