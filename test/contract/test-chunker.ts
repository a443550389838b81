// What every chunker must keep, whatever the document: run by each implementation with its own settings.
import { describe, expect, test } from 'vitest';
import type { Chunk, Chunker, ChunkerSettings } from '../../src/spec/chunker.ts';
import type { LoadedDocument, Section } from '../../src/spec/document.ts';
import { estimateTokens } from '../../src/util/text.ts';
import { randomDocument, seededPick } from '../unit/chunk/random-document.ts';

/** A document whose text comes in the pieces given. */
export function documentOf(pieces: readonly string[], sections?: readonly Section[]): LoadedDocument {
  return {
    id: 'd',
    title: 'Document',
    mediaType: 'text/plain',
    metadata: {},
    text: (async function* () {
      yield* pieces;
    })(),
    sections,
  };
}

/** All passages of a text. */
export async function chunksOf(
  chunker: Chunker,
  text: string | readonly string[],
  sections?: readonly Section[],
): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const chunk of chunker.chunk(documentOf(typeof text === 'string' ? [text] : text, sections))) chunks.push(chunk);
  return chunks;
}

const content = /[\p{L}\p{N}]/u;
const loneHalf = /^[\udc00-\udfff]|[\ud800-\udbff]$/;

/** @param create makes the chunker at test */
export function testChunker(name: string, create: (settings: Omit<ChunkerSettings, 'type'>) => Chunker): void {
  describe(`${name} keeps the contract of a chunker`, () => {
    const sizes = [{}, { maxTokens: 16, overlap: 0 }, { maxTokens: 64, overlap: 24 }, { maxTokens: 40, overlap: 36 }];
    for (const settings of sizes) {
      test(`offsets, order, coverage and size: ${JSON.stringify(settings)}`, async () => {
        const chunker = create(settings);
        const maxTokens = settings.maxTokens ?? 80;
        for (let seed = 1; seed <= 30; seed++) {
          const { text, sections } = randomDocument(seed);
          const chunks = await chunksOf(chunker, text, sections);
          let covered = 0;
          let previous: Chunk | undefined;
          for (const chunk of chunks) {
            const at = `seed ${seed}, chunk at ${chunk.start}`;
            expect(chunk.text, at).toBe(text.slice(chunk.start, chunk.end));
            expect(chunk.text, at).toBe(chunk.text.trim());
            expect(chunk.text.length, at).toBeGreaterThan(0);
            expect(loneHalf.test(chunk.text), at).toBe(false);
            if (previous) {
              expect(chunk.start, at).toBeGreaterThan(previous.start);
              expect(chunk.end, at).toBeGreaterThan(previous.end);
              if (!settings.overlap && settings.maxTokens) expect(chunk.start, at).toBeGreaterThanOrEqual(previous.end);
            }
            if (estimateTokens(chunk.text) > maxTokens) {
              const graphemes = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(chunk.text)];
              expect(graphemes.length, `${at}: ${chunk.text}`).toBe(1);
            }
            if (chunk.start > covered) expect(text.slice(covered, chunk.start), at).not.toMatch(content);
            covered = chunk.end;
            previous = chunk;
          }
          expect(text.slice(covered), `seed ${seed}, tail`).not.toMatch(content);
        }
      });
    }

    test('the pieces in which a text comes make no difference, and each is shown once', async () => {
      for (let seed = 100; seed < 110; seed++) {
        const { text, sections } = randomDocument(seed);
        const pick = seededPick(seed);
        const pieces: string[] = [];
        for (let at = 0; at < text.length; ) {
          const length = pick([1, 7, 100, 5_000, 40_000]);
          pieces.push(text.slice(at, at + length));
          at += length;
        }
        const seen: string[] = [];
        const chunks: Chunk[] = [];
        for await (const chunk of create({}).chunk(documentOf(pieces, sections), { onText: (piece) => void seen.push(piece) })) {
          chunks.push(chunk);
        }
        expect(chunks).toEqual(await chunksOf(create({}), text, sections));
        expect(seen).toEqual(pieces);
      }
    });

    test('no text and white space give no passage', async () => {
      for (const text of ['', ' \n\t\r\n\u00a0\u3000', '\n'.repeat(100_000), '---\n***\n']) {
        expect(await chunksOf(create({}), text)).toEqual([]);
      }
    });

    test('the id names the settings', () => {
      const ids = [create({}), create({ maxTokens: 100 }), create({ maxTokens: 100, overlap: 5 })].map(({ id }) => id);
      expect(new Set(ids).size).toBe(3);
      expect(create({ maxTokens: 100 }).id).toBe(ids[1]);
    });

    test('an abort rejects with AbortError, before and in the middle', async () => {
      const text = Array.from({ length: 200 }, () => 'A sentence of some words that goes on. '.repeat(500));
      const before = create({}).chunk(documentOf(text), { signal: AbortSignal.abort() });
      await expect(before[Symbol.asyncIterator]().next()).rejects.toMatchObject({ name: 'AbortError' });

      const controller = new AbortController();
      let count = 0;
      const run = (async () => {
        for await (const _ of create({}).chunk(documentOf(text), { signal: controller.signal }))
          if (++count === 10) controller.abort();
      })();
      await expect(run).rejects.toMatchObject({ name: 'AbortError' });
      // Passages of the window that was read may still come.
      expect(count).toBeGreaterThanOrEqual(10);
    });

    test('the event loop runs at least every 100 ms while a long text is cut', async () => {
      const text = ['Words of a long text, with a line of `code` here. Another sentence follows it.\n'.repeat(20_000)];
      // Time of this process: what others do with the machine does not count. Even so it may stall a run, hardly three.
      const worked = () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1000;
      };
      const longest: number[] = [];
      let end = 0;
      for (let run = 0; run < 3; run++) {
        const turns: number[] = [worked()];
        const timer = setInterval(() => turns.push(worked()), 1);
        for await (const chunk of create({}).chunk(documentOf(text))) end = chunk.end;
        clearInterval(timer);
        turns.push(worked());
        longest.push(Math.max(...turns.slice(1).map((turn, i) => turn - turns[i]!)));
      }
      expect(end).toBe(text[0]!.trimEnd().length);
      expect(Math.min(...longest)).toBeLessThan(100);
    });
  });
}
