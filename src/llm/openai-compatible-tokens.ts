// Counts the tokens of a prompt: by the server where it has a tokenizer to ask (vLLM, llama.cpp), else by an estimate.
import type { Http } from '../runtime/http.ts';
import type { OpenAiDialect } from '../runtime/openai-server.ts';
import type { CallOptions } from '../spec/call.ts';
import type { ChatMessage } from '../spec/llm.ts';
import { InpageError } from '../util/errors.ts';
import { estimateTokens } from '../util/text.ts';

/** Counts the tokens of a text, or of messages with the chat template around them. */
export type TokenCount = (input: string | readonly ChatMessage[], options: CallOptions) => Promise<number>;

/** About what a chat template puts around a message, and after the last. */
const perMessage = 4;

/** The estimate: within a quarter for English prose, further off for code and other languages. */
export function estimatePrompt(input: string | readonly ChatMessage[]): number {
  if (typeof input === 'string') return estimateTokens(input);
  return input.reduce((sum, { content }) => sum + estimateTokens(content) + perMessage, perMessage);
}

/** The server's own count, undefined where it does not answer; its tokenizer lies beside the API, not in it. */
export async function serverTokenCount(
  http: Http,
  dialect: OpenAiDialect,
  model: string,
  options: CallOptions,
): Promise<TokenCount | undefined> {
  const count = dialect === 'vllm' ? vllmCount(http, model) : dialect === 'llama.cpp' ? llamaCount(http) : undefined;
  try {
    await count?.('a', options);
    return count;
  } catch (error) {
    // Python's llama.cpp server has none.
    if (InpageError.is(error, 'remote-failed')) return undefined;
    throw error;
  }
}

function vllmCount(http: Http, model: string): TokenCount {
  return async (input, options) => {
    const prompt = typeof input === 'string' ? { prompt: input, add_special_tokens: false } : { messages: input };
    return readCount(((await http.json('../tokenize', { model, ...prompt }, options)) as { count?: unknown } | null)?.count);
  };
}

function llamaCount(http: Http): TokenCount {
  return async (input, options) => {
    const content =
      typeof input === 'string'
        ? input
        : ((await http.json('../apply-template', { messages: input }, options)) as { prompt?: unknown } | null)?.prompt;
    const body = { content, add_special: typeof input !== 'string' };
    const { tokens } = ((await http.json('../tokenize', body, options)) ?? {}) as { tokens?: unknown };
    return readCount(Array.isArray(tokens) ? tokens.length : undefined);
  };
}

function readCount(count: unknown): number {
  if (typeof count === 'number') return count;
  throw new InpageError('remote-failed', "The server's tokenizer gave no count.");
}
