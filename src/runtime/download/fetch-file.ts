// Brings one file into the store: what is missing of it, in parallel ranges where the server gives ranges, checked at the end.
import type { ModelFile, ModelSource } from '../../spec/model.ts';
import { createDigest } from '../../util/sha256.ts';
import { retry, retryDefaults } from '../retry.ts';
import type { FileRecord, FileStore } from './file-store.ts';
import { OrderedDigest } from './ordered-digest.ts';
import { cut, lanes, type Piece, pieceBytes, total } from './pieces.ts';
import { type Answer, interrupted, isInterruption, request, Unfit } from './request.ts';

/** Further tries where the server has answered before; where it has not, the usual number. */
const retries = 5;

export interface FetchFileOptions {
  store: FileStore;
  file: ModelFile;
  model: string;
  source: ModelSource;
  signal?: AbortSignal;
  /** Told the bytes of the file that are here. */
  onProgress: (loaded: number) => void;
}

/**
 * Fetches what is missing of a file. What arrives is stored piece by piece and stays after a failure.
 * @throws Unfit if the content is not the file's, NotFound, what `interrupted` makes, the signal's reason, or what the store throws
 */
export async function fetchFile(options: FetchFileOptions): Promise<void> {
  const { store, file } = options;
  const record = await store.record(file.url);
  const kept = record && fits(record, file) ? record : undefined;
  if (record && !kept) await store.drop(file.url);
  const bytes = kept?.bytes ?? file.bytes;
  const all = bytes === undefined ? [] : cut(bytes, pieceBytes(bytes));
  if (bytes === undefined || all.length <= 1) return fetchWhole(options);

  const here = kept ? await store.pieces(file.url, kept) : [];
  const missing = all.filter(({ start }) => !here.some((piece) => piece.start === start));
  const [first] = missing;
  if (!first) return finish(options, kept!, check(options, kept!, all));

  const answer = await open(file.url, first, options.signal);
  if (!answer.ranged) return fetchWhole(options, answer);
  try {
    const version = versionOf(file, answer.validator) ?? '';
    checkLength(answer, bytes);
    if (kept && kept.version !== version) throw new Unfit('it has changed since a part of it was downloaded');
    const begun = kept ?? describe(options, version, bytes);
    if (!kept) await store.setRecord(file.url, begun);
    const digest = check(options, begun, here);
    await fetchPieces(options, begun, { missing, answer, before: total(here), digest });
    await finish(options, begun, digest);
  } finally {
    answer.cancel();
  }
}

function checkLength({ total: told }: Answer, bytes: number | undefined): void {
  if (told !== undefined && bytes !== undefined && told !== bytes) throw new Unfit(`it has ${told} bytes, not ${bytes}`);
}

/** Whether what is stored may be a part of the file. */
export function fits(record: FileRecord, file: ModelFile): boolean {
  return (
    record.version !== '' &&
    record.version === (versionOf(file) ?? record.version) &&
    (file.bytes === undefined || record.bytes === file.bytes) &&
    record.bytes !== undefined &&
    record.pieceBytes === pieceBytes(record.bytes)
  );
}

/** The first request. Its range may be refused: older browsers ask other origins for leave to send one. Then without. */
async function open(url: string, piece: Piece, signal: AbortSignal | undefined): Promise<Answer> {
  const ask = (range?: Piece) => retry(() => request(url, range, signal), { ...retryDefaults, signal });
  const own = globalThis.location?.origin;
  if (own === undefined || new URL(url).origin === own) return ask(piece);
  return ask(piece).catch((error) => {
    if (isInterruption(error)) return ask();
    throw error;
  });
}

/** Names the content of a file, by its digest or else by what the server says; undefined where neither tells. */
export function versionOf({ sha256 }: ModelFile, validator?: string): string | undefined {
  const hex = sha256 ?? (validator && createDigest().update(validator).hex());
  // Enough to tell contents apart; the content itself is checked against all of the digest.
  return hex?.slice(0, 16);
}

function describe({ model, source }: FetchFileOptions, version: string, bytes: number | undefined): FileRecord {
  return { model, source, version, ...(bytes !== undefined && { bytes }), pieceBytes: pieceBytes(bytes), complete: false };
}

/** The digest of the pieces that are here, where there is one to compare with. */
function check({ store, file }: FetchFileOptions, record: FileRecord, here: readonly Piece[]): OrderedDigest | undefined {
  if (!file.sha256) return undefined;
  const digest = new OrderedDigest((piece) => store.readPiece(file.url, record, piece));
  for (const piece of here) digest.add(piece);
  return digest;
}

async function finish({ store, file }: FetchFileOptions, record: FileRecord, digest: OrderedDigest | undefined): Promise<void> {
  const actual = await digest?.hex();
  if (actual !== file.sha256) throw new Unfit(`its SHA-256 is ${actual}, not ${file.sha256}`);
  await store.setRecord(file.url, { ...record, complete: true });
}

interface Work {
  missing: readonly Piece[];
  /** The answer to the request of the first piece. */
  answer: Answer;
  /** Bytes that were here already. */
  before: number;
  digest: OrderedDigest | undefined;
}

/** Several requests at a time; the first failure ends them all. */
async function fetchPieces(
  options: FetchFileOptions,
  record: FileRecord,
  { missing, answer, before, digest }: Work,
): Promise<void> {
  const { store, file, onProgress } = options;
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  // Servers behind one address may differ in their validators; a digest says more.
  const validator = file.sha256 ? undefined : answer.validator;
  const queue = missing.values();
  let loaded = before;
  const lane = async (opened?: Answer) => {
    let first = opened;
    for (const piece of queue) {
      const bytes = await fetchPiece({ url: file.url, piece, validator, signal }, first, (length) => {
        loaded += length;
        onProgress(loaded);
      });
      first = undefined;
      await store.writePiece(file.url, record, piece, bytes);
      digest?.add(piece);
    }
  };
  const running = Array.from({ length: lanes }, (_, i) =>
    lane(i === 0 ? answer : undefined).catch((error) => {
      // The others end with the same reason.
      stop.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(running);
  await Promise.all(running);
}

/** One piece; what has come of it before a connection broke is not asked for again. */
async function fetchPiece(
  { url, piece, validator, signal }: { url: string; piece: Piece; validator: string | undefined; signal: AbortSignal },
  opened: Answer | undefined,
  onBytes: (length: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(piece.end - piece.start);
  let filled = 0;
  let ready = opened;
  await retry(
    async () => {
      const answer = ready ?? (await request(url, { start: piece.start + filled, end: piece.end }, signal));
      ready = undefined;
      try {
        if (!answer.ranged || (validator && answer.validator !== validator))
          throw new Unfit('it changed in the middle of the download');
        for await (const chunk of answer.chunks) {
          if (filled + chunk.length > bytes.length) throw new Unfit('the server sent more than it was asked for');
          bytes.set(chunk, filled);
          filled += chunk.length;
          onBytes(chunk.length);
        }
      } finally {
        answer.cancel();
      }
      if (filled < bytes.length) throw interrupted(`the connection ended after ${piece.start + filled} bytes`);
    },
    { ...retryDefaults, retries, signal },
  );
  return bytes;
}

/** The whole file in one request, which begins anew when it breaks: small files, and servers without ranges. */
async function fetchWhole(options: FetchFileOptions, opened?: Answer): Promise<void> {
  const { file, signal } = options;
  let ready: Answer | undefined =
    opened ?? (await retry(() => request(file.url, undefined, signal), { ...retryDefaults, signal }));
  await retry(
    async () => {
      const answer = ready ?? (await request(file.url, undefined, signal));
      ready = undefined;
      try {
        await storeWhole(options, answer);
      } finally {
        answer.cancel();
      }
    },
    { ...retryDefaults, retries, signal },
  );
}

async function storeWhole(options: FetchFileOptions, answer: Answer): Promise<void> {
  const { store, file, onProgress } = options;
  checkLength(answer, file.bytes);
  const expected = file.bytes ?? answer.total;
  await store.drop(file.url);
  const record = describe(options, versionOf(file, answer.validator) ?? '', expected);
  await store.setRecord(file.url, record);
  const digest = check(options, record, []);
  const bytes = new Uint8Array(record.pieceBytes);
  let loaded = 0;
  const storePiece = async (filled: number) => {
    const piece = { start: loaded - filled, end: loaded };
    await store.writePiece(file.url, record, piece, bytes.slice(0, filled));
    digest?.add(piece);
  };
  let filled = 0;
  for await (let chunk of answer.chunks) {
    while (chunk.length > 0) {
      const part = chunk.subarray(0, bytes.length - filled);
      bytes.set(part, filled);
      filled += part.length;
      loaded += part.length;
      chunk = chunk.subarray(part.length);
      if (filled < bytes.length) continue;
      await storePiece(filled);
      filled = 0;
    }
    onProgress(loaded);
    if (expected !== undefined && loaded > expected) throw new Unfit(`it is longer than ${expected} bytes`);
  }
  if (expected !== undefined && loaded < expected) {
    throw interrupted(`the connection ended after ${loaded} of ${expected} bytes`);
  }
  if (filled > 0) await storePiece(filled);
  await finish(options, { ...record, bytes: loaded }, digest);
}
