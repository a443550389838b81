// A tool that reads from addresses that the page has allowed, and from no others: an address is a way out for what the agent knows.
import type { Tool } from '../spec/tool.ts';
import { InpageError } from '../util/errors.ts';

/** Options of {@link fetchTool}. */
export interface FetchToolOptions {
  /** Beginnings of addresses that may be read, with their origin: `https://api.example.org/v1/`. */
  allow: readonly string[];
  /** Longer answers are refused, in bytes. @default 1 MiB */
  maxBytes?: number;
  /** What can be read there, for choosing among tools. */
  description?: string;
  /** Plain `http:` too, as on one's own machine. @default false */
  insecure?: boolean;
}

/** What was read. */
export interface Fetched {
  url: string;
  status: number;
  contentType: string;
  text: string;
}

/**
 * `fetch`: reads a text by GET, without cookies, and follows no redirect, since a browser does not tell where one leads.
 * @throws InpageError `invalid-argument` for an allowed address that is none, or is not `https:`
 */
export function fetchTool({ allow, maxBytes = 1 << 20, description, insecure = false }: FetchToolOptions): {
  fetch: Tool<{ url: string }, Fetched>;
} {
  const allowed = allow.map((prefix) => checked(prefix, insecure));
  return {
    fetch: {
      description: description ?? `Reads a text or JSON from the web. Allowed: ${allow.join(', ')}`,
      inputSchema: {
        type: 'object',
        properties: { url: { type: 'string', minLength: 1, maxLength: 2000, description: 'The whole address' } },
        required: ['url'],
        additionalProperties: false,
      },
      readOnly: true,
      async execute({ url }, { signal }) {
        const address = parse(url);
        if (!address || !allowed.some((each) => within(address, each))) {
          const message = `"${url}" is not allowed. Allowed are addresses that begin with ${allow.join(', ')}.`;
          throw new InpageError('invalid-argument', message, { detail: { url } });
        }
        const response = await fetch(address, { signal, redirect: 'error', credentials: 'omit', referrerPolicy: 'no-referrer' });
        const contentType = response.headers.get('content-type') ?? '';
        if (!/^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml))/.test(contentType)) {
          await response.body?.cancel();
          throw new InpageError('invalid-argument', `"${url}" is of type "${contentType}"; only text can be read.`);
        }
        return { url: address.href, status: response.status, contentType, text: await read(response, maxBytes) };
      },
    },
  };
}

/** Same origin, and a path below the allowed one: `/v1` allows `/v1` and `/v1/x`, not `/v10`. */
function within(address: URL, { origin, pathname }: URL): boolean {
  const folder = pathname.endsWith('/') ? pathname : `${pathname}/`;
  // Servers may read encoded dots and separators as real ones.
  const plain = !/%(?:2f|5c|2e)/i.test(address.pathname) && !address.username && !address.password;
  return plain && address.origin === origin && `${address.pathname}/`.startsWith(folder);
}

function checked(prefix: string, insecure: boolean): URL {
  const url = parse(prefix);
  if (url && (url.protocol === 'https:' || (insecure && url.protocol === 'http:')) && !url.search && !url.hash) return url;
  const message = `"${prefix}" cannot be allowed. Give the beginning of an address with https:, without "?" and "#".`;
  throw new InpageError('invalid-argument', message, { detail: { prefix } });
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

async function read(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > maxBytes) throw new InpageError('invalid-argument', `The answer is longer than ${maxBytes} bytes.`);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
