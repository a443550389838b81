// A server that speaks OpenAI's API as vLLM, llama.cpp, Ollama or OpenAI do, with a tiny model, and fails in the ways that servers do.
// Its base addresses are `<url>/<scenario>/<dialect>/v1`; a scenario is `ok` or a fault with its numbers, and what follows a dot
// tells two uses of one fault apart. `<url>/log/<scenario>` lists the requests of a scenario.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStopFilter } from '../../../src/llm/stop-texts.ts';
import type { OpenAiDialect } from '../../../src/runtime/openai-server.ts';
import { contextTokens, habits, type Refusal } from './dialects.ts';
import { type RequestBody, type SeenRequest, testKey } from './scenario.ts';
import { embedWords, makeMatch, makeValue, promptTokens, speak, tokenize } from './tiny-model.ts';

/** Starts the server on a free port. */
export async function startOpenAiServer(): Promise<{ url: string; close: () => Promise<void> }> {
  const log = new Map<string, SeenRequest[]>();
  const running = new Map<string, number>();
  const before = new Map<string, string[]>();

  const server = createServer(async (request, response) => {
    const [, scenario = '', dialect = '', ...rest] = new URL(request.url ?? '', 'http://server').pathname.split('/');
    if (scenario === 'log') {
      allow(response);
      return json(response, log.get(dialect) ?? []);
    }
    const fault = scenario.split('.')[0]!.split('-');
    if (fault[0] !== 'nocors') allow(response);
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    const body = await readBody(request);
    const seen = log.get(scenario) ?? [];
    log.set(scenario, seen);
    running.set(scenario, (running.get(scenario) ?? 0) + 1);
    response.on('close', () => running.set(scenario, running.get(scenario)! - 1));
    const { authorization } = request.headers;
    seen.push({ path: rest.join('/'), authorization, body, running: running.get(scenario)! });
    const call: Call = { dialect: dialect as OpenAiDialect, path: rest.join('/'), body, fault, response, cachedFor: before };
    call.nth = seen.filter(({ path }) => path === call.path).length;
    if (!(await fail(call, authorization))) await answer(call);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

interface Call {
  dialect: OpenAiDialect;
  path: string;
  body: RequestBody;
  fault: string[];
  response: ServerResponse;
  /** The prompt before, by dialect. */
  cachedFor: Map<string, string[]>;
  /** How many requests to this path there were, this one included. */
  nth?: number;
}

function allow(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type, x-test');
  response.setHeader('Access-Control-Expose-Headers', 'retry-after');
}

async function readBody(request: IncomingMessage): Promise<RequestBody> {
  let text = '';
  for await (const piece of request) text += piece;
  return text ? JSON.parse(text) : {};
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** Faults that come instead of an answer. */
async function fail({ fault: [name, first, second], path, nth = 1, response }: Call, authorization?: string): Promise<boolean> {
  if (name === 'key' && authorization !== `Bearer ${testKey}`) {
    const sent = authorization?.replace('Bearer ', '') ?? 'none';
    json(response, { error: { message: `Incorrect API key provided: ${sent}.`, type: 'auth', code: 'invalid_api_key' } }, 401);
    return true;
  }
  if (path === 'v1/models') return false;
  if (name === 'status' && nth <= Number(second)) {
    if (first === '429') response.setHeader('Retry-After', '0');
    json(response, { error: { message: `status ${first}` } }, Number(first));
  } else if (name === 'wait') {
    response.setHeader('Retry-After', first!);
    json(response, { error: { message: 'Rate limit reached.' } }, 429);
  } else if (name === 'html') {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Home</title>');
  } else if (name === 'silent') {
    response.on('close', () => {});
  } else if (name === 'drop' && nth <= Number(first)) {
    response.destroy();
  } else return false;
  return true;
}

async function answer(call: Call): Promise<void> {
  const { dialect, path, body, response } = call;
  const { listed } = habits[dialect];
  if (path === 'v1/models') return json(response, { object: 'list', data: [listed] });
  if (path === 'v1/chat/completions') return chat(call);
  if (path === 'v1/embeddings') return embeddings(call);
  if (path === 'tokenize' && dialect === 'vllm') {
    const count = typeof body.prompt === 'string' ? tokenize(body.prompt).length : readPrompt(body).length;
    return json(response, { count, max_model_len: contextTokens, tokens: [] });
  }
  if (path === 'apply-template' && dialect === 'llama.cpp') return json(response, { prompt: readPrompt(body).join(' ') });
  if (path === 'tokenize' && dialect === 'llama.cpp') return json(response, { tokens: tokenize(String(body.content)) });
  return json(response, { error: { message: 'Not found' } }, 404);
}

function readPrompt({ messages = [] }: RequestBody): string[] {
  return [...promptTokens(messages), '<', 'assistant', '>'];
}

function embeddings({ fault: [name], body, response, dialect }: Call): void {
  const input = body.input as string[];
  if (dialect === 'openai' && input.includes('')) {
    json(response, { error: { message: "'input' cannot be an empty string." } }, 400);
    return;
  }
  // In no particular order: `index` tells.
  const data = input
    .map((text, index) => ({ object: 'embedding', index, embedding: embedWords(text, Number(body.dimensions ?? 16)) }))
    .reverse();
  if (name === 'few') data.pop();
  json(response, { object: 'list', data, model: 'tiny', usage: { prompt_tokens: 1, total_tokens: 1 } });
}

const known =
  'model messages stream stream_options max_tokens temperature top_p seed stop response_format max_completion_tokens user'.split(
    ' ',
  );

/** Refuses what the server would refuse. */
function refuse({ dialect, body }: Call, prompt: string[]): Refusal | undefined {
  const { strict, overflow, names } = habits[dialect];
  const wrong = (message: string): Refusal => ({ status: 400, body: { error: { message, type: 'invalid_request_error' } } });
  const unknown = strict && Object.keys(body).find((name) => !known.includes(name));
  if (unknown) return wrong(`Unrecognized request argument supplied: ${unknown}`);
  if (strict && Array.isArray(body.stop) && body.stop.length > 4) return wrong("Invalid 'stop': array too long.");
  if (dialect === 'vllm' && names.topK && body.top_k === 0) return wrong('top_k must be -1 (disable), or at least 1, got 0.');
  if (JSON.stringify(body.response_format)?.includes('"not"'))
    return wrong('Invalid schema for response_format: "not" is not permitted.');
  return prompt.length >= contextTokens ? overflow?.(prompt.length) : undefined;
}

async function chat(call: Call): Promise<void> {
  const { dialect, body, response, cachedFor, fault } = call;
  const prompt = readPrompt(body);
  const refusal = refuse(call, prompt);
  if (refusal) return json(response, refusal.body, refusal.status);
  const cached = commonLength(cachedFor.get(dialect) ?? [], prompt);
  const { pieces, finish } = generate(call, prompt.join(' '));
  cachedFor.set(dialect, [...prompt, ...pieces.flatMap(tokenize)]);
  const usage = {
    prompt_tokens: prompt.length,
    completion_tokens: pieces.length,
    total_tokens: prompt.length + pieces.length,
    ...(habits[dialect].tellsCached && { prompt_tokens_details: { cached_tokens: cached } }),
  };
  if (fault[0] === 'whole') {
    const message = { role: 'assistant', content: pieces.join('') };
    return json(response, { object: 'chat.completion', choices: [{ index: 0, message, finish_reason: finish }], usage });
  }
  await stream(call, pieces, finish, usage);
}

function commonLength(a: string[], b: string[]): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length++;
  return length;
}

function generate({ dialect, body, fault }: Call, prompt: string): { pieces: string[]; finish: string } {
  const limit = Number(body.max_tokens);
  const constrained = fault[0] === 'lax' ? undefined : constrain(body, prompt);
  if (constrained !== undefined) {
    const all = constrained.match(/[\s\S]{1,3}/g) ?? [];
    return { pieces: all.slice(0, limit), finish: all.length > limit ? 'length' : 'stop' };
  }
  const { names } = habits[dialect];
  const number = (name: string | undefined, neutral: number) => Number((name && body[name]) ?? neutral);
  const settings = {
    temperature: number('temperature', 1),
    topP: number('top_p', 1),
    topK: Math.max(0, number(names.topK, 0)),
    minP: number(names.minP, 0),
    repetitionPenalty: number(names.repetitionPenalty, 1),
    seed: body.seed as number | undefined,
  };
  const filter = createStopFilter(body.stop as string[] | undefined);
  const pieces: string[] = [];
  let generated = 0;
  let finish = 'stop';
  for (const token of speak(prompt, settings)) {
    const piece = filter.push(token);
    if (piece) pieces.push(piece);
    if (filter.stopped) break;
    if (++generated < limit) continue;
    finish = 'length';
    pieces.push(filter.flush());
    break;
  }
  return { pieces: pieces.filter(Boolean), finish };
}

/** The text that the request asks for by its form. */
function constrain(body: RequestBody, prompt: string): string | undefined {
  const { choice, regex } = (body.structured_outputs ?? {}) as { choice?: string[]; regex?: string };
  if (choice) return String(makeValue({ enum: choice }, prompt));
  if (regex) return makeMatch(regex, prompt);
  const format = body.response_format as { schema?: object; json_schema?: { schema: object } } | undefined;
  const schema = format?.json_schema?.schema ?? format?.schema;
  return schema && JSON.stringify(makeValue(schema, prompt));
}

async function stream({ dialect, body, fault, response, nth = 1 }: Call, pieces: string[], finish: string, usage: object) {
  const { opening, roleInEach, endsWithText } = habits[dialect];
  const [name, first] = fault;
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
  const write = async (text: string) => {
    const parts =
      name === 'bytes'
        ? Buffer.from(text)
            .toString('latin1')
            .match(/[\s\S]{1,5}/g)!
            .map((part) => Buffer.from(part, 'latin1'))
        : [text];
    for (const part of parts) {
      response.write(part);
      if (name === 'bytes') await sleep(0);
    }
  };
  const send = (choices: object[], more: object = {}) =>
    write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model: 'tiny', choices, ...more })}\n\n`);
  const piece = (delta: object, finish_reason: string | null = null) =>
    send([{ index: 0, delta, logprobs: null, finish_reason }]);

  await write(': keep-alive\n\n');
  await piece(opening);
  if (name === 'cutfirst' && nth <= Number(first)) {
    await sleep(20);
    response.destroy();
  }
  for (const [n, content] of pieces.entries()) {
    if (response.destroyed) return;
    await sleep(name === 'slow' ? Number(first) : 1);
    if (n === 3 && name === 'cut') {
      // A browser throws away what it has not read when a connection breaks.
      await sleep(300);
      response.destroy();
    }
    if (n === 3 && name === 'noend') response.end();
    if (response.writableEnded || response.destroyed) return;
    if (n === 3 && name === 'malformed') await write('data: {"choices": [{"del\n\n');
    if (n === 3 && name === 'event')
      await write(`data: ${JSON.stringify({ error: { message: 'CUDA out of memory', code: 500 } })}\n\n`);
    if (n === 3 && name === 'filter') {
      finish = 'content_filter';
      break;
    }
    const last = n === pieces.length - 1;
    await piece({ ...(roleInEach && { role: 'assistant' }), content }, endsWithText && last ? finish : null);
  }
  if (!endsWithText || pieces.length === 0) await piece({}, finish);
  if ((body.stream_options as { include_usage?: boolean } | undefined)?.include_usage && name !== 'nousage')
    await send([], { usage });
  await write('data: [DONE]\n\n');
  response.end();
}
