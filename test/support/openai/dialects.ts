// How the servers differ in what they take and say, after their own documentation and source.
import type { OpenAiDialect } from '../../../src/runtime/openai-server.ts';

/** Context window of the tiny model in tokens. */
export const contextTokens = 512;

/** A refusal as a server words it. */
export interface Refusal {
  status: number;
  body: object;
}

/** One server's habits. */
export interface ServerHabits {
  /** What `/v1/models` says of the model. */
  listed: object;
  /** The server's name of each sampling option beyond `temperature`, `top_p` and `seed`. */
  names: { topK?: string; minP?: string; repetitionPenalty?: string };
  /** The refusal of a prompt that is too long; none where the server cuts it and says nothing. */
  overflow?: (promptTokens: number) => Refusal;
  /** The first event of an answer. */
  opening: object;
  /** Each piece of text tells the role again. */
  roleInEach?: boolean;
  /** The end comes with the last piece of text, not after it. */
  endsWithText?: boolean;
  /** It refuses what it does not know. */
  strict?: boolean;
  /** Prompts are read from where they differ from the one before, and it says so. */
  tellsCached?: boolean;
}

const tooLong = (promptTokens: number) =>
  `This model's maximum context length is ${contextTokens} tokens. However, your messages resulted in ${promptTokens} tokens.`;

/** Each of the servers. */
export const habits: Record<OpenAiDialect, ServerHabits> = {
  openai: {
    listed: { id: 'tiny', object: 'model', created: 1, owned_by: 'test' },
    names: {},
    overflow: (promptTokens) => ({
      status: 400,
      body: {
        error: {
          message: tooLong(promptTokens),
          type: 'invalid_request_error',
          param: 'messages',
          code: 'context_length_exceeded',
        },
      },
    }),
    opening: { role: 'assistant', content: '', refusal: null },
    strict: true,
  },
  vllm: {
    listed: { id: 'tiny', object: 'model', owned_by: 'vllm', max_model_len: contextTokens },
    names: { topK: 'top_k', minP: 'min_p', repetitionPenalty: 'repetition_penalty' },
    overflow: (promptTokens) => ({
      status: 400,
      body: { error: { message: tooLong(promptTokens), type: 'BadRequestError', param: null, code: 400 } },
    }),
    opening: { role: 'assistant', content: '' },
    endsWithText: true,
  },
  'llama.cpp': {
    listed: { id: 'tiny', object: 'model', owned_by: 'llamacpp', meta: { n_ctx: contextTokens, n_ctx_train: 8192 } },
    names: { topK: 'top_k', minP: 'min_p', repetitionPenalty: 'repeat_penalty' },
    overflow: (promptTokens) => ({
      status: 400,
      body: {
        error: {
          code: 400,
          message: `request (${promptTokens} tokens) exceeds the available context size (${contextTokens} tokens), try increasing it`,
          type: 'exceed_context_size_error',
          n_prompt_tokens: promptTokens,
          n_ctx: contextTokens,
        },
      },
    }),
    opening: { role: 'assistant', content: null },
    tellsCached: true,
  },
  ollama: {
    listed: { id: 'tiny:latest', object: 'model', created: 1, owned_by: 'library' },
    names: {},
    opening: { role: 'assistant', content: '' },
    roleInEach: true,
  },
};
