// Llm: messages in, tokens out.
import type { CallOptions, ProgressOptions } from './call.ts';
import type { LoadProgress, Runtime } from './model.ts';
import type { OutputFormat, OutputKind } from './output.ts';

/** A turn of a conversation. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What runs a chat model. */
export type LlmBackend = 'transformers' | 'web-llm' | 'wllama' | 'prompt-api' | 'openai-compatible' | (string & {});

/** Options of {@link GenerateOptions} that choose among tokens. */
export type SamplingOption = 'temperature' | 'topP' | 'topK' | 'minP' | 'repetitionPenalty' | 'seed' | 'stop';

/** Options of {@link GenerateOptions} that need the logits of each token. */
export type LogitsOption = 'probabilities' | 'contrast' | 'neighbours';

/** What a backend does with its options. What it cannot do is told in the `warnings` of a generation. */
export interface LlmCapabilities {
  /** Structured output that the backend itself enforces, token by token. */
  output: readonly OutputKind[];
  /** Sampling options that take effect. */
  sampling: readonly SamplingOption[];
  /** A prompt that begins like the one before is not read from its start again. */
  prefixCache: boolean;
  /** Text that stands in the prompt is drafted from there, and only checked by the model. */
  promptLookup: boolean;
  /** Options that take effect because the logits of each token are open; the last two are refused by name where they do not. */
  logits: readonly LogitsOption[];
  /** `countTokens` counts with the model's own tokenizer; otherwise it estimates. */
  countTokens: boolean;
}

/** A loaded chat model. */
export interface LlmInfo {
  backend: LlmBackend;
  model: string;
  revision: string;
  device: Runtime;
  dtype: string;
  /** Threads of the WASM runtime; 1 on WebGPU. */
  threads: number;
  /** The adapter is an emulation on the CPU: correct, but very slow. */
  software: boolean;
  /** Context window in tokens, prompt and answer together. */
  contextTokens: number;
  capabilities: LlmCapabilities;
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
  /** What the answer must look like: a JSON schema, a regular expression, or one of several texts. @default any text */
  output?: OutputFormat;
  /** Calls that wait go in this order, the lowest first; those of one number in order of arrival. @default 0 */
  priority?: number;
  /**
   * Draft text that stands in the prompt from there and let the model only check it (prompt lookup decoding). For greedy
   * generation, where the backend can; left off by itself while it does not pay.
   * @default true
   */
  promptLookup?: boolean;
  /** Tells the probability of each token, where the backend can. @default false */
  probabilities?: boolean;
  /**
   * Takes away what the model would say anyway. Twice the work.
   * @throws InpageError `invalid-argument` where it takes no effect, see {@link LlmCapabilities.logits}
   */
  contrast?: Contrast;
  /** Mixes in what followed in the prompt where the model was in a like state. @throws as `contrast` */
  neighbours?: Neighbours;
}

/** Context-aware decoding (arXiv:2305.14739): (1 + weight) · logits − weight · logits after other messages, among plausible tokens. */
export interface Contrast {
  /** The same question without its context. */
  messages: readonly ChatMessage[];
  /** 0 changes nothing. @default 0.5 */
  weight?: number;
}

/**
 * Nearest-neighbour interpolation (arXiv:1911.00172) with the prompt as the datastore: (1 − weight) · p + weight · p of the
 * neighbours. States are told apart by what the model's last layer keeps of each token.
 */
export interface Neighbours {
  /** 0–1. @default 0.25 */
  weight?: number;
  /** Places of the prompt that count, the nearest ones. @default 16 */
  k?: number;
}

/** Length of a prompt and its answer, in tokens. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
  /** Tokens of the prompt that were not read again, because the prompt before began with them. */
  cachedTokens?: number;
  /** Tokens that were drafted from the prompt, and how many of them the model accepted. */
  draftedTokens?: number;
  acceptedTokens?: number;
}

/** Where the time of a generation went. */
export interface GenerateTimings {
  /** From the start of the work to the first token, in ms. */
  prefillMs: number;
  /** From the first token to the last, in ms. */
  decodeMs: number;
}

/** How a generation ended. */
export interface GenerateDone {
  type: 'done';
  text: string;
  reason: 'stop' | 'length';
  usage: Usage;
  timings: GenerateTimings;
  /** The output as a value, valid by {@link GenerateOptions.output}, if one was asked for. */
  value?: unknown;
  /** Options that this backend ignored, and why; each once. */
  warnings?: readonly string[];
}

/** Tokens as they come, then one `done`. With `output: { schema }` also the object as far as it is there. */
export type GenerateEvent =
  /** `probability`: that of the least likely token in it, by the model alone, 0–1; see {@link GenerateOptions.probabilities}. */
  { type: 'token'; text: string; probability?: number } | { type: 'partial'; value: unknown } | GenerateDone;

/** A chat model. Calls wait for each other. */
export interface Llm {
  /** What events and the memory of what ran on this device call it, like `transformers/SmolLM2-135M-Instruct`. */
  readonly name?: string;
  /** Loads the model; later calls give the same answer at once. */
  load(options?: ProgressOptions<LoadProgress>): Promise<LlmInfo>;
  /**
   * Streams an answer. Aborting takes effect between two tokens.
   * @throws InpageError `context-overflow` if the prompt leaves no room for an answer; `output-unsupported` if the backend cannot
   *   do what `output` asks for; `output-invalid` if the finished text is not valid by it (say, cut by `maxTokens`)
   */
  generate(messages: readonly ChatMessage[], options?: GenerateOptions): AsyncIterable<GenerateEvent>;
  /** Tokens of a text, or of messages with the chat template around them. */
  countTokens(input: string | readonly ChatMessage[], options?: CallOptions): Promise<number>;
  close(): Promise<void>;
}
