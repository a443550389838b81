// Chooses how many sources a prompt can carry.
import type { CallOptions } from '../spec/call.ts';
import type { ChatMessage, Llm } from '../spec/llm.ts';
import { InpageError } from '../util/errors.ts';
import { estimateTokens, splitSentences } from '../util/text.ts';
import type { PromptSource } from './answer-prompt.ts';

export interface FittedPrompt {
  messages: ChatMessage[];
  /** How many of the sources are in it. */
  used: number;
  tokens: number;
}

/**
 * Builds the largest prompt within a budget: sources are dropped from the end; a single one that is too long is cut at a sentence.
 * @param build makes the messages for some of the sources
 * @param budget tokens of the whole prompt
 * @throws InpageError `context-overflow` if the prompt is too long without any source
 */
export async function fitPrompt(
  llm: Pick<Llm, 'countTokens'>,
  build: (sources: readonly PromptSource[]) => ChatMessage[],
  sources: readonly PromptSource[],
  budget: number,
  { signal }: CallOptions = {},
): Promise<FittedPrompt> {
  // Counting tens of thousands of tokens takes seconds; an estimate is enough to refuse them.
  const estimate = build([]).reduce((sum, { content }) => sum + estimateTokens(content), 0);
  const bare = estimate > 4 * budget ? estimate : await llm.countTokens(build([]), { signal });
  if (bare > budget) {
    throw new InpageError(
      'context-overflow',
      `The question has ${bare} tokens with its instructions; ${budget} fit. Shorten it.`,
      {
        detail: { promptTokens: bare, budget },
      },
    );
  }
  for (let used = Math.min(sources.length, affordable(sources, budget)); used > 0; used--) {
    const messages = build(sources.slice(0, used));
    const tokens = await llm.countTokens(messages, { signal });
    if (tokens <= budget) return { messages, used, tokens };
  }
  const first = sources[0];
  if (first) {
    const sentences = splitSentences(first.text);
    for (let kept = sentences.length - 1; kept > 0; kept = Math.floor(kept / 2)) {
      const messages = build([{ ...first, text: first.text.slice(0, sentences[kept - 1]!.end) }]);
      const tokens = await llm.countTokens(messages, { signal });
      if (tokens <= budget) return { messages, used: 1, tokens };
    }
  }
  return { messages: build([]), used: 0, tokens: bare };
}

/** An upper estimate that saves counting prompts that are far too long; it errs on the large side. */
function affordable(sources: readonly PromptSource[], budget: number): number {
  let tokens = 0;
  const over = sources.findIndex((source) => {
    tokens += estimateTokens(source.text);
    return tokens > budget * 1.5;
  });
  return over < 0 ? sources.length : over + 1;
}
