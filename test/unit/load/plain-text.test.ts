import { describe, expect, test } from 'vitest';
import { isBinary } from '../../../src/load/decode-text.ts';
import { loadSource } from '../../../src/load/load-source.ts';
import { createRandom } from '../../../src/util/random.ts';
import { createDigest } from '../../../src/util/sha256.ts';
import { fileOf, readDocument } from './read-documents.ts';

const randomBytes = (length: number, seed = 1) => {
  const random = createRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
};
const encode = (text: string) => new TextEncoder().encode(text);

describe('plain text', () => {
  test('the text is the file as decoded, line ends included', async () => {
    const document = await readDocument(fileOf('notes/a.txt', 'One\r\ntwo\n😀 Größe', 'text/plain'));
    expect(document).toEqual({
      id: 'notes/a.txt',
      title: 'a.txt',
      mediaType: 'text/plain',
      metadata: {},
      text: 'One\r\ntwo\n😀 Größe',
    });
  });

  test.each([
    ['UTF-8 with a mark', new Uint8Array([0xef, 0xbb, 0xbf, ...encode('Größe')])],
    [
      'UTF-16, little end first',
      new Uint8Array([0xff, 0xfe, ...new Uint8Array(Uint16Array.from('Größe', (c) => c.charCodeAt(0)).buffer)]),
    ],
    ['UTF-16, big end first', new Uint8Array([0xfe, 0xff, ...[...'Größe'].flatMap((c) => [0, c.charCodeAt(0)])])],
    ['Latin-1', Uint8Array.from('Größe', (c) => c.charCodeAt(0))],
  ])('%s is decoded', async (_, bytes) => {
    expect((await readDocument(fileOf('a.txt', bytes))).text).toBe('Größe');
  });

  test('a declared encoding is used', async () => {
    const bytes = new Uint8Array([0xb4, 0xf3]);
    expect((await readDocument(fileOf('a.txt', bytes, 'text/plain; charset=gbk'))).text).toBe('大');
  });

  test('one broken byte does not turn a UTF-8 file into Latin-1', async () => {
    const { text } = await readDocument(
      fileOf('a.txt', new Uint8Array([...encode('Größe '), 0xff, ...encode(' Maß and some more words')])),
    );
    expect(text).toBe('Größe \ufffd Maß and some more words');
  });

  test('other textual types are read, and keep their type', async () => {
    expect((await readDocument(fileOf('a.csv', 'a,b\n1,2'))).mediaType).toBe('text/csv');
    expect((await readDocument(fileOf('a.xml', '<a>b</a>', 'application/xml'))).mediaType).toBe('application/xml');
    expect((await readDocument(fileOf('LICENSE', 'Some words', 'application/octet-stream'))).mediaType).toBe('text/plain');
  });

  test.each([
    ['random bytes', randomBytes(10_000)],
    ['NUL characters', 'some text\u0000\u0000 more'],
    ['control characters', '\u0001\u0002\u0003\u0004\u0005 text'],
    ['a ZIP archive', new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0, ...randomBytes(500)])],
  ])('%s are refused at once', async (_, content) => {
    const load = loadSource(fileOf('data.txt', content)).next();
    await expect(load).rejects.toMatchObject({ code: 'invalid-document', message: expect.stringMatching(/data\.txt.*binary/) });
  });

  test('text that turns binary later fails while it is read', async () => {
    const content = new Uint8Array([...encode('Readable words. '.repeat(20_000)), ...randomBytes(200_000)]);
    let read = 0;
    const run = async () => {
      for await (const { text } of loadSource(fileOf('a.log', content))) for await (const piece of text) read += piece.length;
    };
    await expect(run()).rejects.toMatchObject({ code: 'invalid-document' });
    expect(read).toBeGreaterThan(100_000);
  });

  test.each([
    ['nothing', ''],
    ['white space', ' \n\t\u00a0'.repeat(50_000)],
  ])('%s is an empty document', async (_, content) => {
    await expect(readDocument(fileOf('a.txt', content))).rejects.toMatchObject({
      code: 'document-empty',
      message: expect.stringMatching(/a\.txt/),
    });
  });

  test('emoji, escapes and rare characters are text', () => {
    expect(isBinary('😀\u001b[31mred\u001b[0m \ue000 漢字 \ufffd')).toBe(false);
  });

  test.each([
    [{ id: 'my-id', title: 'T' }, 'my-id', 'T'],
    [{ title: 'My title' }, 'My title', 'My title'],
    [{}, createDigest().update('Some words').hex().slice(0, 32), '"Some words"'],
  ])('a text is known by its id, its title or a digest: %j', async (settings, id, title) => {
    const document = await readDocument({ kind: 'text', text: 'Some words', mediaType: 'text/plain', ...settings });
    expect(document).toMatchObject({ id, title });
  });

  test('a blob without a name is known by its content', async () => {
    const [first, again, other] = await Promise.all(['same', 'same', 'other'].map((text) => readDocument(fileOf('', text))));
    expect(first!.id).toMatch(/^[0-9a-f]{32}$/);
    expect(again!.id).toBe(first!.id);
    expect(other!.id).not.toBe(first!.id);
  });

  test('pieces are bounded and never end inside a character', async () => {
    for (const source of [
      fileOf('a.txt', '😀'.repeat(100_000)),
      { kind: 'text', text: `a${'😀'.repeat(100_000)}`, mediaType: 'text/plain' } as const,
    ]) {
      for await (const { text } of loadSource(source)) {
        let count = 0;
        for await (const piece of text) {
          count++;
          expect(piece.length).toBeLessThanOrEqual(65_536);
          expect(/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(piece)).toBe(false);
        }
        expect(count).toBeGreaterThan(2);
      }
    }
  });

  test('an abort ends the reading with AbortError', async () => {
    const controller = new AbortController();
    const run = async () => {
      for await (const { text } of loadSource(fileOf('a.txt', 'words '.repeat(1_000_000)), { signal: controller.signal })) {
        for await (const _ of text) controller.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' });
  });

  test.each([['image/png'], ['application/zip'], ['application/vnd.openxmlformats-officedocument.wordprocessingml.document']])(
    '%s is not supported',
    async (type) => {
      await expect(readDocument(fileOf('x.bin', 'abc', type))).rejects.toMatchObject({
        code: 'unsupported-source',
        detail: { mediaType: type },
      });
    },
  );
});
