// What the collection takes on disk, and the button that deletes it.
import type { AssistantStats } from '../../src/index.ts';
import { bytes } from '../../src/ui/bytes.ts';
import { confirm } from './confirm.ts';
import { byId, factRows, h } from './dom.ts';
import { count } from './format.ts';

function facts({ store, device }: AssistantStats): [string, string][] {
  const disk = store.bytes.vectors + store.bytes.text;
  return [
    ['Documents', count(store.documents)],
    ['Passages', count(store.chunks)],
    [
      store.persistent ? 'On disk' : 'In memory',
      `${bytes(disk)} (vectors ${bytes(store.bytes.vectors)}, text ${bytes(store.bytes.text)})`,
    ],
    ['Kept', store.persistent ? 'in this browser, also after a reload' : 'only until this page is closed'],
    ...(device.storage.usage === undefined
      ? []
      : ([['This site in all', `${bytes(device.storage.usage)}, models included`]] as [string, string][])),
  ];
}

/** Gives the function that shows the storage. */
export function storagePanel(onDelete: () => Promise<void>): (stats: AssistantStats) => void {
  const list = h('dl', { class: 'facts' });
  const erase = h('button', { type: 'button', class: 'button danger' }, 'Delete everything');
  erase.addEventListener('click', async () => {
    const agreed = await confirm({
      title: 'Delete everything?',
      text: 'All documents and this conversation are deleted from this browser. Your own files and the downloaded models stay.',
      action: 'Delete everything',
    });
    if (agreed) await onDelete();
  });
  byId('storage').replaceChildren(list, erase);
  return (stats) => {
    const disk = stats.store.bytes.vectors + stats.store.bytes.text;
    byId('storage-summary').textContent = stats.store.persistent ? bytes(disk) : 'in memory';
    erase.disabled = stats.store.documents === 0;
    list.replaceChildren(...factRows(facts(stats)));
  };
}
