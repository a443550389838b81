// A static file server on node:http alone: right types, byte ranges, validators, cross-origin isolation.
// A missing file is a plain-text 404, never an HTML page, so that a loader of models sees the failure.
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';

/** @type {Record<string, string>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.gif': 'image/gif',
  '.htm': 'text/html; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml; charset=utf-8',
};

/** Files that a build names by their content never change. */
const hashed = /\/assets\/[^/]+-[\w-]{8}\.\w+$/;

/** Headers that make a page cross-origin isolated, which gives the WASM runtime its threads. */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * Media type of a file by its ending; `application/octet-stream` where it is not known.
 * @param {string} path
 */
export function mediaType(path) {
  return types[extname(path).toLowerCase()] ?? 'application/octet-stream';
}

/**
 * One byte range of a `Range` header. `undefined`: no range asked for, or one that may be ignored (several ranges, other
 * units); `null`: cannot be satisfied.
 * @param {string | undefined} header
 * @param {number} size
 * @returns {{ start: number, end: number } | null | undefined} `end` is the last byte
 */
export function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (!match[1] && !match[2])) return undefined;
  if (!match[1]) {
    const length = Number(match[2]);
    return length === 0 || size === 0 ? null : { start: Math.max(0, size - length), end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] ? Math.min(Number(match[2]), size - 1) : size - 1;
  if (match[2] && Number(match[2]) < start) return undefined;
  return start >= size ? null : { start, end };
}

/**
 * The file that a path means, or undefined. Folders mean their `index.html`. Never leaves the mount.
 * @param {[prefix: string, folder: string][]} mounts longest prefix first
 * @param {string} pathname
 */
async function locate(mounts, pathname) {
  const mount = mounts.find(([prefix]) => pathname.startsWith(prefix));
  if (!mount) return undefined;
  const [prefix, folder] = mount;
  const path = join(folder, pathname.slice(prefix.length));
  if (pathname.includes('\0') || !(path + sep).startsWith(folder + sep)) return undefined;
  try {
    const found = await stat(path);
    const file = found.isDirectory() && pathname.endsWith('/') ? join(path, 'index.html') : path;
    const information = await stat(file);
    if (!information.isFile()) return undefined;
    // A link inside the folder must not lead out of it.
    const real = await realpath(file);
    return real.startsWith((await realpath(folder)) + sep) ? { file: real, information } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @typedef {object} ServeOptions
 * @property {number} [port] 0 takes a free one. Default 0.
 * @property {string} [host] Default `127.0.0.1`.
 * @property {boolean} [isolated] Sends {@link isolationHeaders}. Default true.
 * @property {Record<string, string>} [mounts] More folders by URL prefix, e.g. `{ '/models/': '…/models' }`.
 * @property {Record<string, string>} [headers] Sent with every answer.
 * @property {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => boolean | void | Promise<boolean | void>} [onRequest]
 *   Called first; `true` means that it has answered. Tests use it to break things.
 */

/**
 * @typedef {object} Served
 * @property {string} url Base, with a slash at its end.
 * @property {number} port
 * @property {{ path: string, status: number, bytes: number }[]} requests Every answer so far: path without query, bytes of the body sent.
 * @property {() => Promise<void>} close
 */

/**
 * Serves a folder.
 * @param {string} folder
 * @param {ServeOptions} [options]
 * @returns {Promise<Served>}
 * @throws the listen error, e.g. with code `EADDRINUSE`
 */
export async function serve(folder, options = {}) {
  const { port = 0, host = '127.0.0.1', isolated = true, mounts = {}, headers = {}, onRequest } = options;
  /** @type {[string, string][]} */
  const folders = Object.entries({ '/': folder, ...mounts });
  const ordered = folders
    .map(([prefix, target]) => /** @type {[string, string]} */ ([prefix.endsWith('/') ? prefix : `${prefix}/`, resolve(target)]))
    .sort(([first], [second]) => second.length - first.length);
  /** @type {Served['requests']} */
  const requests = [];

  const server = createServer(async (request, response) => {
    const record = { path: (request.url ?? '/').replace(/[?#].*$/, ''), status: 0, bytes: 0 };
    response.on('close', () => requests.push({ ...record, status: record.status || response.statusCode }));
    for (const [name, value] of Object.entries({ ...(isolated ? isolationHeaders : {}), ...headers }))
      response.setHeader(name, value);

    /** @param {number} status @param {string} message */
    const plain = (status, message) => {
      const body = Buffer.from(`${status} ${message}\n`);
      record.status = status;
      record.bytes = request.method === 'HEAD' ? 0 : body.length;
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': body.length });
      response.end(request.method === 'HEAD' ? undefined : body);
    };

    try {
      if (await onRequest?.(request, response)) return;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Allow', 'GET, HEAD');
        return plain(405, 'Method not allowed');
      }
      let pathname;
      try {
        pathname = decodeURIComponent(record.path);
      } catch {
        return plain(400, 'Malformed path');
      }
      const found = await locate(ordered, pathname);
      if (!found) return plain(404, `Not found: ${pathname}`);
      const { file, information } = found;
      const etag = `"${information.size.toString(36)}-${Math.round(information.mtimeMs).toString(36)}"`;
      response.setHeader('ETag', etag);
      response.setHeader('Last-Modified', information.mtime.toUTCString());
      response.setHeader('Accept-Ranges', 'bytes');
      response.setHeader('Cache-Control', hashed.test(pathname) ? 'public, max-age=31536000, immutable' : 'no-cache');
      const sameTag = request.headers['if-none-match']?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
      const since = request.headers['if-none-match'] === undefined && Date.parse(request.headers['if-modified-since'] ?? '');
      if (sameTag || (since && Math.floor(information.mtimeMs / 1000) * 1000 <= since)) {
        record.status = 304;
        response.writeHead(304).end();
        return;
      }
      const condition = request.headers['if-range'];
      const range = !condition || condition === etag ? parseRange(request.headers.range, information.size) : undefined;
      if (range === null) {
        response.setHeader('Content-Range', `bytes */${information.size}`);
        return plain(416, 'Range not satisfiable');
      }
      if (range) response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${information.size}`);
      record.status = range ? 206 : 200;
      response.writeHead(record.status, {
        'Content-Type': mediaType(file),
        'Content-Length': range ? range.end - range.start + 1 : information.size,
      });
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      const stream = createReadStream(file, range ?? {});
      stream.on('data', (piece) => {
        record.bytes += piece.length;
      });
      stream.on('error', () => response.destroy());
      response.on('close', () => stream.destroy());
      stream.pipe(response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else plain(500, error instanceof Error ? error.message : String(error));
    }
  });

  await new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => done(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : address.family === 'IPv6' ? `[${host}]` : host;
  return {
    url: `http://${name}:${address.port}/`,
    port: address.port,
    requests,
    close: () =>
      new Promise((done, fail) => {
        server.close((error) => (error ? fail(error) : done()));
        server.closeAllConnections();
      }),
  };
}
