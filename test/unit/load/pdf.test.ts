import { describe, expect, test } from 'vitest';
import { mendHyphenation, pageText } from '../../../src/load/pdf-text.ts';
import { writePdf } from './pdf-writer.ts';
import { fileOf, readDocument } from './read-documents.ts';

const manual = writePdf(
  [
    ['Reset the device', { text: 'Hold the button for ten sec-', gap: 40 }, 'onds. The light (green) blinks', 'twice.'],
    [],
    ['Second page: Größe 5 cm.'],
  ],
  { title: 'Manual' },
);

describe('PDF', () => {
  test('text of all pages, paragraphs apart, divided words joined', async () => {
    const document = await readDocument(fileOf('docs/manual.pdf', manual, 'application/pdf'));
    expect(document).toMatchObject({ id: 'docs/manual.pdf', title: 'Manual', mediaType: 'application/pdf', metadata: {} });
    expect(document.text).toBe(
      'Reset the device\n\nHold the button for ten seconds. The light (green) blinks\ntwice.\n\nSecond page: Größe 5 cm.',
    );
  });

  test('it is known by its first bytes', async () => {
    expect((await readDocument(fileOf('manual', manual))).mediaType).toBe('application/pdf');
    expect((await readDocument(fileOf('manual.txt', manual, 'text/plain'))).title).toBe('Manual');
  });

  test('without a title it has the name of the file', async () => {
    expect((await readDocument(fileOf('a/b.pdf', writePdf([['Hello there']])))).title).toBe('b.pdf');
  });

  test.each([
    ['a password', writePdf([['Secret']], { encrypted: true }), 'document-encrypted', /locked\.pdf needs a password/],
    ['no text layer', writePdf([[], []]), 'document-empty', /OCR/],
    ['nothing in it', new Uint8Array(), 'document-empty', /locked\.pdf/],
    ['only its first half', manual.slice(0, 300), 'invalid-document', /locked\.pdf.*cut off/],
    ['HTML in it', '<html><body>Please sign in</body></html>', 'invalid-document', /not a PDF/],
    ['only a signature', '%PDF-1.7\n', 'invalid-document', /not a PDF/],
  ])('a file with %s is refused', async (_, content, code, message) => {
    const source = fileOf('locked.pdf', content, 'application/pdf');
    await expect(readDocument(source)).rejects.toMatchObject({
      name: 'InpageError',
      code,
      message: expect.stringMatching(message),
    });
  });

  test('an abort ends it with AbortError', async () => {
    await expect(readDocument(fileOf('m.pdf', manual), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    const long = writePdf(Array.from({ length: 300 }, (_, i) => Array.from({ length: 40 }, () => `Line of page ${i}`)));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(readDocument(fileOf('long.pdf', long), { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

test('words divided by a hyphen at a line end are joined, others keep theirs', () => {
  expect(mendHyphenation('infor-\nmation, well-known, Baden-\nWürttemberg, co\u00adoperate')).toBe(
    'information, well-known, Baden-\nWürttemberg, cooperate',
  );
});

test('a superscript stays in its line, a column that starts above goes on', () => {
  const at = (str: string, y: number, height = 10) => ({ str, transform: [1, 0, 0, 1, 0, y], height, hasEOL: false });
  expect(pageText([at('E = mc', 100), at('2', 104, 6), at(' is', 100), at('known', 88), at('Next column', 700)])).toBe(
    'E = mc2 is\nknown\nNext column',
  );
});
