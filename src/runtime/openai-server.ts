// A server that speaks OpenAI's HTTP API (https://platform.openai.com/docs/api-reference): where it is, what it runs, its errors.
import type { CallOptions } from '../spec/call.ts';
import { InpageError } from '../util/errors.ts';
import { createHttp, type Http, readFailure } from './http.ts';
import type { RetryOptions } from './retry.ts';

/** What the server is, for what goes beyond OpenAI's own API. */
export type OpenAiDialect = 'openai' | 'vllm' | 'llama.cpp' | 'ollama';

/** How to reach a server that speaks OpenAI's API. */
export interface OpenAiServerOptions extends RetryOptions {
  /** Address of the API, mostly ending in `/v1`; relative to the page. What is asked is sent there: it leaves the device. */
  baseUrl: string | URL;
  /** A model that the server has. @default the first that it lists */
  model?: string;
  /**
   * Sent as `Authorization: Bearer …`. Whoever can open the page can read a key in it: use one that the reader types in, or let
   * a server of your own add it.
   */
  apiKey?: string;
  /** Sent with each request. */
  headers?: Readonly<Record<string, string>>;
  /** What the server is. The default is right for OpenAI, LM Studio, MLC and gateways. @default 'openai' */
  dialect?: OpenAiDialect;
  /** Calls that are sent at once; further ones wait. @default 1 */
  concurrency?: number;
  /** Milliseconds without a byte from the server after which it counts as stuck: `no-progress`. @default 300_000 */
  timeout?: number;
  /** `load()` asks whether the server lists the model; false for gateways that take names they do not list. @default true */
  checkModel?: boolean;
}

/** How a page is allowed to reach the server. */
const allowPage: Record<OpenAiDialect, string> = {
  openai: '',
  vllm: 'vLLM: `--allowed-origins`.',
  'llama.cpp': '',
  ollama: 'Ollama: OLLAMA_ORIGINS.',
};

/** A model as the server lists it. */
export interface ListedModel {
  id: string;
  /** Context window in tokens, where the server tells. */
  contextTokens?: number;
}

/** Makes a client; nothing is sent. @throws InpageError `invalid-argument` */
export function connectOpenAi({ apiKey, headers, dialect = 'openai', ...options }: OpenAiServerOptions): Http {
  const key: Record<string, string> = apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` };
  const http = createHttp({ ...options, headers: { ...key, ...headers }, unreachable: allowPage[dialect] });
  return {
    retry: http.retry,
    json: (...call) =>
      http.json(...call).catch((error) => {
        throw named(error);
      }),
    async *events(...call) {
      try {
        yield* http.events(...call);
      } catch (error) {
        throw named(error);
      }
    },
  };
}

/**
 * The model asked for, or the server's first.
 * @throws InpageError `model-not-found` with the names of those that are there; `remote-failed`
 */
export async function findModel(
  http: Http,
  { model, checkModel = true }: Pick<OpenAiServerOptions, 'model' | 'checkModel'>,
  options: CallOptions,
): Promise<ListedModel> {
  if (model !== undefined && !checkModel) return { id: model };
  const { data } = ((await http.json('models', undefined, options)) ?? {}) as {
    data?: (Record<string, unknown> & { id: string })[];
  };
  const listed = Array.isArray(data) ? data : [];
  // Ollama lists a model under its tag.
  const found = model === undefined ? listed[0] : listed.find(({ id }) => id === model || id === `${model}:latest`);
  if (!found) {
    const names = listed.map(({ id }) => id).slice(0, 20);
    throw new InpageError(
      'model-not-found',
      `The server ${model === undefined ? 'lists no model' : `does not list the model "${model}"`}. ` +
        (names.length > 0 ? `It has: ${names.join(', ')}.` : 'If it takes names that it does not list, set `checkModel: false`.'),
      { detail: { model, models: names } },
    );
  }
  const meta = (found.meta ?? {}) as Record<string, unknown>;
  const sizes = [found.max_model_len, found.context_length, found.context_window, meta.n_ctx];
  return { id: model ?? found.id, contextTokens: sizes.find((size): size is number => typeof size === 'number' && size > 0) };
}

/** An error that comes in the middle of a stream. */
export function streamedError(event: unknown): InpageError | undefined {
  if (typeof event !== 'object' || event === null || !('error' in event) || !event.error) return undefined;
  const { message, code } = readFailure(JSON.stringify(event));
  const detail = { serverMessage: message, ...(code !== undefined && { serverCode: code }) };
  return named(new InpageError('remote-failed', `The server failed: ${message}.`, { detail })) as InpageError;
}

const overflow =
  /context_length_exceeded|exceed_context_size|maximum context length|context (?:length|size|window)|longer than the maximum model length|too many tokens/i;

/** A more telling code where the server's words allow it. */
function named(error: unknown): unknown {
  if (!InpageError.is(error, 'remote-failed')) return error;
  const { status = 400, serverMessage = '', serverCode = '' } = error.detail as Record<string, string | number>;
  if (Number(status) !== 429 && overflow.test(`${serverCode} ${serverMessage}`)) {
    return new InpageError('context-overflow', `${error.message} Shorten the question or the context.`, {
      cause: error,
      detail: { ...error.detail, transient: false },
    });
  }
  if (serverCode === 'model_not_found') {
    return new InpageError('model-not-found', error.message, { cause: error, detail: error.detail });
  }
  return error;
}
