// Parts of the downloader that are pure, or that only a clock of one's own can test.
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseKey, pieceKey, recordKey } from '../../../src/runtime/download/file-store.ts';
import { OrderedDigest } from '../../../src/runtime/download/ordered-digest.ts';
import { cut, lanes, type Piece, pieceBytes, total } from '../../../src/runtime/download/pieces.ts';
import { guessModel, modelPrefix } from '../../../src/runtime/download/place.ts';
import { request, stallMs } from '../../../src/runtime/download/request.ts';
import { createRandom } from '../../../src/util/random.ts';

describe('pieces', () => {
  test('cover the file without gaps', () => {
    for (const bytes of [0, 1, 1024 ** 2, 1024 ** 2 + 1, 22_944_452, 5_000_000_000]) {
      const pieces = cut(bytes, pieceBytes(bytes));
      expect(total(pieces)).toBe(bytes);
      expect(pieces.every(({ start }, i) => start === (pieces[i - 1]?.end ?? 0))).toBe(true);
    }
  });

  test('what a reload can lose is less than three hundredths of a large file', () => {
    for (let bytes = 22e6; bytes < 8e9; bytes *= 1.3) expect((lanes * pieceBytes(bytes)) / bytes).toBeLessThan(0.03);
  });

  test('small files are one piece, and none is larger than 8 MiB', () => {
    expect(cut(900_000, pieceBytes(900_000))).toHaveLength(1);
    expect(pieceBytes(1e12)).toBe(8 * 1024 ** 2);
  });
});

test('keys say what they are of', () => {
  const url = 'https://a.example/models/m/model.onnx';
  expect(parseKey(pieceKey(url, 'v-1.2', { start: 10, end: 30 }))).toEqual({ url, bytes: 20 });
  expect(parseKey(recordKey(url))).toEqual({ url, kind: 'record' });
  expect(parseKey(url)).toEqual({ url, kind: 'whole' });
});

test('model and source by an address alone', () => {
  const cases = [
    { model: 'm', source: { base: 'https://a.example/models/' } },
    { model: 'org/m', source: { host: 'https://hub.example/', revision: 'refs/pr/1' } },
  ];
  for (const place of cases) {
    const prefix = modelPrefix(place.model, place.source);
    expect(guessModel(`${prefix}onnx/model.onnx`)).toEqual(place);
    expect(guessModel(`${prefix}config.json`)).toEqual(place);
  }
});

test('a digest does not depend on the order of arrival', async () => {
  const content = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);
  const expected = createHash('sha256').update(content).digest('hex');
  for (let seed = 0; seed < 20; seed++) {
    const random = createRandom(seed);
    const order = cut(1000, 64)
      .map((piece) => ({ piece, at: random() }))
      .sort((a, b) => a.at - b.at);
    const digest = new OrderedDigest(async ({ start, end }: Piece) => content.subarray(start, end));
    for (const { piece } of order) digest.add(piece);
    expect(await digest.hex()).toBe(expected);
  }
});

test('a digest fails when a piece cannot be read', async () => {
  const digest = new OrderedDigest(() => Promise.reject(new Error('gone')));
  digest.add({ start: 0, end: 1 });
  await expect(digest.hex()).rejects.toThrow('gone');
});

describe('a connection that says nothing more', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const never = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });

  test('before its answer', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => never(signal));
    const asked = expect(request('https://a.example/f', undefined, undefined)).rejects.toMatchObject({
      message: 'nothing came for 20 seconds',
      detail: { transient: true },
    });
    await vi.advanceTimersByTimeAsync(stallMs);
    await asked;
  });

  test('in the middle of it; each byte buys time', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('fetch', async (_: string, { signal }: { signal: AbortSignal }) => {
      let left = 2;
      const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
        if (left-- === 0) await never(signal);
        await new Promise((resolve) => setTimeout(resolve, stallMs - 1));
        controller.enqueue(new Uint8Array(1));
      };
      return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
    });
    const { chunks } = await request('https://a.example/f', undefined, undefined);
    let count = 0;
    const reading = (async () => {
      for await (const _ of chunks) count++;
    })();
    const read = expect(reading).rejects.toMatchObject({ code: 'model-download-failed' });
    await vi.advanceTimersByTimeAsync(2 * stallMs);
    expect(count).toBe(2);
    await vi.advanceTimersByTimeAsync(stallMs);
    await read;
  });

  test('an abort is an abort', async () => {
    const controller = new AbortController();
    vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => never(signal));
    const asked = request('https://a.example/f', undefined, controller.signal);
    controller.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });
});
