// The body of a chat request, in the words of the server: https://platform.openai.com/docs/api-reference/chat/create, and what
// vLLM (https://docs.vllm.ai/en/latest/serving/openai_compatible_server/) and llama.cpp (tools/server/README.md) add to it.
import type { PlainOutput } from '../prompt/plain-output.ts';
import type { OpenAiDialect } from '../runtime/openai-server.ts';
import type { ChatMessage, GenerateOptions, LlmCapabilities, SamplingOption } from '../spec/llm.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { generateDefaults } from './generate-defaults.ts';

/** What a server takes beyond OpenAI's API. */
interface Dialect {
  output: LlmCapabilities['output'];
  /** The server's names of the options that it takes. */
  names: Partial<Record<Exclude<SamplingOption, 'stop'>, string>>;
  /** Its value for a `topK` of 0. */
  everyToken?: number;
  /** How many stop texts it takes. */
  stops?: number;
}

const common = { temperature: 'temperature', topP: 'top_p', seed: 'seed' };
const dialects: Record<OpenAiDialect, Dialect> = {
  openai: { output: ['schema', 'choice'], names: common, stops: 4 },
  ollama: { output: ['schema', 'choice'], names: common },
  vllm: {
    output: ['schema', 'regex', 'choice'],
    names: { ...common, topK: 'top_k', minP: 'min_p', repetitionPenalty: 'repetition_penalty' },
    everyToken: -1,
  },
  'llama.cpp': {
    output: ['schema', 'regex', 'choice'],
    names: { ...common, topK: 'top_k', minP: 'min_p', repetitionPenalty: 'repeat_penalty' },
  },
};

/** What takes effect; stop texts always do, as those that the server does not take are looked for as its answer comes. */
export function dialectCapabilities(dialect: OpenAiDialect): Pick<LlmCapabilities, 'output' | 'sampling'> {
  const { output, names } = dialects[dialect];
  return { output, sampling: [...(Object.keys(names) as SamplingOption[]), 'stop'] };
}

/** What the object around a wrapped text may take beyond it: names, quotes and white space, a token each at worst. */
const wrapperTokens = 16;

/** A request, and how to read its answer. */
export interface ChatRequest {
  body: Record<string, unknown>;
  /** The answer is a JSON object that has the text as its `value`. */
  wrapped: boolean;
}

/** @throws InpageError `output-unsupported` */
export function chatRequest(
  model: string,
  dialect: OpenAiDialect,
  messages: readonly ChatMessage[],
  options: GenerateOptions,
  output?: PlainOutput,
): ChatRequest {
  const { names, everyToken = 0, stops } = dialects[dialect];
  const settings = withDefaults(generateDefaults, options);
  const values: Record<string, unknown> = { ...settings, topK: settings.topK || everyToken, seed: options.seed };
  const sampling = Object.entries(names).map(([option, name]) => [name, values[option]]);
  const stop = options.stop?.filter(Boolean).slice(0, stops) ?? [];
  const wrapped = output !== undefined && !('schema' in output) && dialect !== 'vllm';
  return {
    body: {
      model,
      messages: messages.map(({ role, content }) => ({ role, content })),
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: settings.maxTokens + (wrapped ? wrapperTokens : 0),
      ...Object.fromEntries(sampling),
      ...(stop.length > 0 && { stop }),
      ...(output && constraint(dialect, output)),
    },
    wrapped,
  };
}

function constraint(dialect: OpenAiDialect, output: PlainOutput): Record<string, unknown> {
  if ('schema' in output) return responseFormat(dialect, output.schema);
  if (dialect === 'vllm') return { structured_outputs: output };
  if ('choice' in output) return responseFormat(dialect, wrapper({ enum: output.choice }));
  if (dialect !== 'llama.cpp') {
    throw new InpageError(
      'output-unsupported',
      'OpenAI\'s API has no regular expressions. Use a schema or a choice, or set `dialect` if the server is "vllm" or "llama.cpp".',
      { detail: { dialect, kind: 'regex' } },
    );
  }
  // A plain group: Python's llama.cpp server knows no other.
  return responseFormat(dialect, wrapper({ pattern: `^(${output.regex})$` }));
}

function responseFormat(dialect: OpenAiDialect, schema: unknown) {
  // Both of llama.cpp's servers, the C++ and the Python one, take this form.
  if (dialect === 'llama.cpp') return { response_format: { type: 'json_object', schema } };
  return { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } } };
}

/** OpenAI's schemas are of objects. */
function wrapper(value: object) {
  return {
    type: 'object',
    properties: { value: { type: 'string', ...value } },
    required: ['value'],
    additionalProperties: false,
  };
}
