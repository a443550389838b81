// Tools, resources and prompts of an MCP server (Model Context Protocol), over Streamable HTTP with the official SDK. What a server
// says of itself was written by others.

import { tellIssues } from '../prompt/check-value.ts';
import type { CallOptions } from '../spec/call.ts';
import type { ChatMessage } from '../spec/llm.ts';
import type { JsonSchema } from '../spec/output.ts';
import type { ContentPart, Tool } from '../spec/tool.ts';
import { InpageError } from '../util/errors.ts';
import { importPackage } from '../util/import-package.ts';
import type { Schema } from '../util/json-schema/subschemas.ts';

/** Options of {@link connectMcp}. */
export interface McpOptions extends CallOptions {
  /** Sent with each request, like an authorization. */
  headers?: Readonly<Record<string, string>>;
  /** Put before the names of its tools, to tell servers apart. @default none */
  prefix?: string;
  /** Tools that change nothing, by the server's names. The server's own word for it is not taken. @default none */
  readOnly?: readonly string[];
  /** Tools that are offered, by the server's names. @default all */
  only?: readonly string[];
}

/** Something that a server lets read. */
export interface McpResource {
  uri: string;
  name: string;
  description?: string;
  mediaType?: string;
}

/** A prompt that a server offers. */
export interface McpPrompt {
  name: string;
  description?: string;
  arguments: readonly { name: string; description?: string; required?: boolean }[];
}

/** A connection. */
export interface McpConnection {
  /** For `tools` of a run; a run that has them counts as one that has read untrusted text. */
  tools: Record<string, Tool<never>>;
  resources(options?: CallOptions): Promise<McpResource[]>;
  /** Text of a resource; binary parts are Base64. */
  read(uri: string, options?: CallOptions): Promise<ContentPart[]>;
  prompts(options?: CallOptions): Promise<McpPrompt[]>;
  prompt(name: string, values?: Readonly<Record<string, string>>, options?: CallOptions): Promise<ChatMessage[]>;
  close(): Promise<void>;
}

/**
 * Connects, and asks for the server's tools.
 * @throws InpageError `missing-dependency` without the package "@modelcontextprotocol/sdk", `remote-failed` where the server cannot be
 *   reached or does not speak the protocol
 */
export async function connectMcp(url: string | URL, options: McpOptions = {}): Promise<McpConnection> {
  const { headers = {}, prefix = '', readOnly = [], only, signal } = options;
  const sdk = '@modelcontextprotocol/sdk';
  const purpose = 'Talking to an MCP server';
  const [{ Client }, { StreamableHTTPClientTransport }, { compileSchema }] = await Promise.all([
    importPackage(sdk, purpose, () => import('@modelcontextprotocol/sdk/client/index.js')),
    importPackage(sdk, purpose, () => import('@modelcontextprotocol/sdk/client/streamableHttp.js')),
    import('../util/json-schema/validate.ts'),
  ]);
  // The SDK's own validator makes code at run time, which a strict policy forbids.
  const jsonSchemaValidator = { getValidator: (schema: object) => validatorOf(compileSchema(schema as Schema)) };
  const client = new Client({ name: 'inpage', version: '1' }, { capabilities: {}, jsonSchemaValidator });
  const address = new URL(url, globalThis.document?.baseURI);
  /** A call whose failure is told as that of the server. */
  const ask = async <T>(work: () => Promise<T>, own: AbortSignal | undefined): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      own?.throwIfAborted();
      const message = `The MCP server ${address.origin} failed: ${(cause as Error).message}`;
      throw new InpageError('remote-failed', message, { cause, detail: { url: address.href } });
    }
  };
  await ask(() => client.connect(new StreamableHTTPClientTransport(address, { requestInit: { headers } }), { signal }), signal);
  const has = (what: 'tools' | 'resources' | 'prompts') => client.getServerCapabilities()?.[what] !== undefined;
  /** All pages of a list. */
  const pages = async <Page extends { nextCursor?: string }, Item>(
    list: (cursor: { cursor?: string }) => Promise<Page>,
    items: (page: Page) => readonly Item[],
  ) => {
    const all: Item[] = [];
    for (let cursor: string | undefined, n = 0; n < 100; n++) {
      const page = await list(cursor === undefined ? {} : { cursor });
      all.push(...items(page));
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    return all;
  };

  const listed = has('tools')
    ? await ask(
        () =>
          pages(
            (page) => client.listTools(page, { signal }),
            ({ tools }) => tools,
          ),
        signal,
      )
    : [];
  const offered = listed.filter(({ name }) => !only || only.includes(name));
  const tools = offered.map(({ name, description, title, inputSchema }): [string, Tool<never>] => [
    `${prefix}${name}`.replace(/[^\w.-]/g, '_').slice(0, 64),
    {
      description: description?.trim() || title || name,
      inputSchema: inputSchema as JsonSchema,
      foreign: true,
      readOnly: readOnly.includes(name),
      async execute(input: Record<string, unknown>, { signal }) {
        const call = { name, arguments: input };
        const result = await ask(() => client.callTool(call, undefined, { signal }), signal);
        const parts = (result.content as readonly McpContent[]).map(partOf);
        if (result.isError)
          throw new Error(parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n') || 'It failed.');
        if (result.structuredContent !== undefined) return result.structuredContent;
        return parts.length === 1 && parts[0]!.type === 'text' ? parts[0]!.text : parts;
      },
    } as Tool<never>,
  ]);

  return {
    tools: Object.fromEntries(tools),
    async resources({ signal } = {}) {
      if (!has('resources')) return [];
      const all = await ask(
        () =>
          pages(
            (page) => client.listResources(page, { signal }),
            ({ resources }) => resources,
          ),
        signal,
      );
      return all.map(({ uri, name, description, mimeType }) => ({
        ...{ uri, name },
        ...(description && { description }),
        ...(mimeType && { mediaType: mimeType }),
      }));
    },
    async read(uri, { signal } = {}) {
      const { contents } = await ask(() => client.readResource({ uri }, { signal }), signal);
      return contents.map((resource) => partOf({ type: 'resource', resource }));
    },
    async prompts({ signal } = {}) {
      if (!has('prompts')) return [];
      const all = await ask(
        () =>
          pages(
            (page) => client.listPrompts(page, { signal }),
            ({ prompts }) => prompts,
          ),
        signal,
      );
      return all.map(({ name, description, arguments: list = [] }) => ({
        name,
        ...(description && { description }),
        arguments: list,
      }));
    },
    async prompt(name, values = {}, { signal } = {}) {
      const { messages } = await ask(() => client.getPrompt({ name, arguments: { ...values } }, { signal }), signal);
      return messages.map(({ role, content }) => {
        const part = partOf(content as McpContent);
        return { role, content: part.type === 'text' ? part.text : `(${part.type})` };
      });
    },
    close: () => client.close(),
  };
}

/** What the protocol calls content, as far as it is read. */
type McpContent =
  | { type: 'text'; text: string }
  | { type: 'image' | 'audio'; data: string; mimeType: string }
  | { type: 'resource'; resource: { uri: string; mimeType?: string; text?: string; blob?: string } }
  | { type: 'resource_link'; uri: string; name?: string };

function partOf(content: McpContent): ContentPart {
  if (content.type === 'text') return { type: 'text', text: content.text };
  if ('data' in content) return { type: content.type, mediaType: content.mimeType, data: content.data };
  if (content.type === 'resource_link') return { type: 'text', text: content.uri };
  const { uri, mimeType = '', text, blob } = content.resource;
  const kind = /^(image|audio)\//.exec(mimeType)?.[1] as 'image' | 'audio' | undefined;
  if (blob !== undefined && kind) return { type: kind, mediaType: mimeType, data: blob };
  return { type: 'text', text: text ?? `(${uri}, ${mimeType || 'binary'})` };
}

function validatorOf(validate: (value: unknown) => readonly { at: string; message: string }[]) {
  return (value: unknown) => {
    const issues = validate(value);
    if (issues.length === 0) return { valid: true as const, data: value as never, errorMessage: undefined };
    return { valid: false as const, data: undefined, errorMessage: tellIssues(issues) };
  };
}
