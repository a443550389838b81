// The reader: a document's text around a passage, with the passage and the quote marked.
import type { Assistant } from '../../src/index.ts';
import type { Reference } from './answer-view.ts';
import { h, icon, showDialog, uniqueId } from './dom.ts';
import { styled } from './markdown.ts';
import { problem } from './problem.ts';
import { type Line, type Piece, readerLines, type Span } from './reader-text.ts';

const reach = 20_000;

function pieceNode({ text, mark, style }: Piece): Node | string {
  const body = styled(text, style);
  return mark === 'none' || style === 'syntax' ? body : h('mark', { class: mark }, body);
}

function lineElement({ heading, pieces }: Line): HTMLElement {
  return h('span', { class: heading > 0 ? `line heading level-${heading}` : 'line' }, ...pieces.map(pieceNode));
}

/** Document facts that the reader needs. */
export interface Readable {
  length: number;
  mediaType: string;
}

/** Opens documents in a dialog; Escape closes it and the focus goes back. */
export function createReader(
  assistant: Assistant,
  find: (document: string) => Readable | undefined,
): (reference: Reference) => Promise<void> {
  return async (reference) => {
    const found = find(reference.document);
    const titleId = uniqueId('reader');
    const text = h('div', { class: 'reader-text', tabindex: '0', role: 'region', 'aria-label': 'Text of the document' });
    const before = h('button', { type: 'button', class: 'button more', hidden: true }, 'Show more above');
    const after = h('button', { type: 'button', class: 'button more', hidden: true }, 'Show more below');
    const body = h('div', { class: 'reader-body' }, before, text, after);
    const dialog = h(
      'dialog',
      { class: 'reader', 'aria-labelledby': titleId },
      h(
        'header',
        { class: 'reader-head' },
        h('div', {}, h('h2', { id: titleId }, reference.title), h('p', { class: 'reader-place' }, reference.place ?? '')),
        h(
          'button',
          { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => dialog.close() },
          icon('close'),
        ),
      ),
      body,
    );

    const length = found?.length ?? Number.POSITIVE_INFINITY;
    const target = reference.quote ?? reference.passage ?? { start: 0, end: 0 };
    const shown: Span = { start: Math.max(0, target.start - reach), end: Math.min(length, target.end + reach) };

    const render = async () => {
      const piece = await assistant.text(reference.document, shown);
      const lines = readerLines(piece, shown.start, reference, found?.mediaType === 'text/markdown');
      text.replaceChildren(...lines.map(lineElement));
      before.hidden = shown.start === 0;
      after.hidden = shown.end >= length;
    };
    before.addEventListener('click', async () => {
      const height = body.scrollHeight;
      shown.start = Math.max(0, shown.start - reach);
      await render();
      body.scrollTop += body.scrollHeight - height;
    });
    after.addEventListener('click', async () => {
      shown.end = Math.min(length, shown.end + reach);
      await render();
    });

    const closed = showDialog(dialog);
    try {
      await render();
      (text.querySelector('mark.quote') ?? text.querySelector('mark'))?.scrollIntoView({ block: 'center' });
    } catch (error) {
      text.replaceChildren(problem(error));
    }
    await closed;
  };
}
