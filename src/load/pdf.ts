// PDF: the text layer of all pages, read with pdf.js (the build of unpdf, which runs in workers; there it also listens to the
// worker's messages and posts one of its own, which the other side must ignore).
import type { Loader } from '../spec/loader.ts';
import { nextTask } from '../util/async.ts';
import { abortError, InpageError } from '../util/errors.ts';
import { importPackage } from '../util/import-package.ts';
import { readable, sourceBytes } from './decode-text.ts';
import { emptyDocument, identify, inPieces } from './identify.ts';
import { mendHyphenation, pageText } from './pdf-text.ts';
import { capturedName } from './source-name.ts';

/** Reads the text of a PDF, pages joined by blank lines. */
export const pdfLoader: Loader = {
  name: 'pdf',
  async *load(captured, { signal } = {}) {
    const source = readable(captured);
    const { getDocumentProxy } = await importPackage('unpdf', 'Reading PDF files', () => import('unpdf'));
    const data = await sourceBytes(source, signal);
    if (data.length === 0) throw emptyDocument(source);
    const failed = (cause: unknown) => {
      if (signal?.aborted) return abortError(signal);
      const name = capturedName(source);
      return (cause as Error | undefined)?.name === 'PasswordException'
        ? new InpageError('document-encrypted', `${name} needs a password. Save it without one and add it again.`, { cause })
        : new InpageError(
            'invalid-document',
            `${name} is not a PDF that can be read; it may be cut off or damaged. Save or download it again.`,
            { cause },
          );
    };
    const pdf = await getDocumentProxy(data, { verbosity: 0 }).catch((error) => Promise.reject(failed(error)));
    const pages: string[] = [];
    let title: string | undefined;
    try {
      for (let number = 1; number <= pdf.numPages; number++) {
        // pdf.js never lets the event loop run here by itself.
        await nextTask();
        signal?.throwIfAborted();
        const page = await pdf.getPage(number);
        const { items } = await page.getTextContent();
        pages.push(pageText(items));
        page.cleanup();
      }
      const { info } = await pdf.getMetadata();
      title = (info as { Title?: string }).Title;
    } catch (error) {
      throw failed(error);
    } finally {
      await pdf.destroy();
    }
    signal?.throwIfAborted();
    const text = mendHyphenation(pages.filter(Boolean).join('\n\n'));
    if (!text) throw emptyDocument(source, 'Its pages may be images: run text recognition (OCR) on it first.');
    yield { ...(await identify(source, { title, mediaType: 'application/pdf' }, signal)), text: inPieces(text) };
  },
};
