// Reads a streamed chat completion: https://platform.openai.com/docs/api-reference/chat-streaming
import { parseJson } from '../runtime/http.ts';
import { streamedError } from '../runtime/openai-server.ts';
import type { Usage } from '../spec/llm.ts';
import { InpageError } from '../util/errors.ts';

/** How an answer ended. */
export interface ChatEnd {
  /** It reached its limit of tokens. */
  cut: boolean;
  /** As the server counted, if it did. */
  usage?: Usage;
}

/** What is read of a `chat.completion.chunk`; of a plain `chat.completion` too, from servers that do not stream. */
interface Chunk {
  choices?: { delta?: Delta; message?: Delta; finish_reason?: string | null }[];
  usage?: {
    prompt_tokens?: number;
    completion_tokens?: number;
    prompt_tokens_details?: { cached_tokens?: number } | null;
  } | null;
}

interface Delta {
  content?: string | null;
}

/**
 * Gives the pieces of the text that are not empty, and at last how it ended. What a model thinks before its answer, where the
 * server keeps it apart, is left out.
 * @throws InpageError `remote-failed` if the stream breaks off or the server withholds the answer
 */
export async function* readChat(events: AsyncIterable<string>): AsyncGenerator<string, ChatEnd> {
  let finish: string | undefined;
  let usage: Usage | undefined;
  for await (const data of events) {
    if (data === '[DONE]') break;
    const chunk = parseJson(data, 'The server') as Chunk | null;
    const error = streamedError(chunk);
    if (error) throw error;
    const choice = chunk?.choices?.[0];
    finish = choice?.finish_reason ?? finish;
    usage = readUsage(chunk?.usage) ?? usage;
    const text = (choice?.delta ?? choice?.message)?.content;
    if (text) yield text;
  }
  if (finish === undefined) {
    throw new InpageError(
      'remote-failed',
      'The server ended its answer before it was complete. Try again; its own log may say why, such as a prompt that is too long for it.',
      {
        detail: { transient: true },
      },
    );
  }
  if (finish === 'content_filter') {
    throw new InpageError('remote-failed', 'The server withheld the answer: its content filter stopped it.', {
      detail: { serverCode: finish },
    });
  }
  return { cut: finish === 'length', usage };
}

function readUsage(usage: Chunk['usage']): Usage | undefined {
  if (typeof usage?.prompt_tokens !== 'number' || typeof usage.completion_tokens !== 'number') return undefined;
  const cachedTokens = usage.prompt_tokens_details?.cached_tokens;
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    ...(typeof cachedTokens === 'number' && { cachedTokens }),
  };
}
