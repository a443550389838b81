// The list of documents: title, passages, size, and a button that removes one.
import type { DocumentRecord } from '../../src/index.ts';
import { confirm } from './confirm.ts';
import { h, icon } from './dom.ts';
import { plural } from './format.ts';

interface DocumentListOptions {
  place: HTMLElement;
  onOpen: (record: DocumentRecord) => void;
  onRemove: (record: DocumentRecord) => Promise<void>;
}

/** Gives the function that shows documents. Rows of documents that stay are kept, so that the focus stays too. */
export function documentList({ place, onOpen, onRemove }: DocumentListOptions): (records: readonly DocumentRecord[]) => void {
  const rows = new Map<string, { hash: string; element: HTMLElement }>();

  function makeRow(record: DocumentRecord): HTMLElement {
    const remove = async () => {
      const agreed = await confirm({
        title: 'Remove this document?',
        text: `“${record.title}” and its ${plural(record.chunks, 'passage')} are deleted from this browser.`,
        action: 'Remove',
      });
      if (agreed) await onRemove(record);
    };
    return h(
      'li',
      { class: 'document' },
      icon('file'),
      h(
        'button',
        { type: 'button', class: 'document-open', onclick: () => onOpen(record) },
        h('span', { class: 'document-title' }, record.title),
        h('span', { class: 'document-figures' }, `${plural(record.chunks, 'passage')} · ${plural(record.length, 'character')}`),
      ),
      h(
        'button',
        { type: 'button', class: 'icon-button small', 'aria-label': `Remove ${record.title}`, onclick: remove },
        icon('trash'),
      ),
    );
  }

  return (records) => {
    const present = new Set(records.map(({ id }) => id));
    for (const [id, { element }] of rows) {
      if (present.has(id)) continue;
      element.remove();
      rows.delete(id);
    }
    for (const record of records) {
      const known = rows.get(record.id);
      if (known?.hash === record.hash) continue;
      const element = makeRow(record);
      known?.element.remove();
      rows.set(record.id, { hash: record.hash, element });
      place.append(element);
    }
  };
}
