// The demo: one assistant, its documents on one side, the conversation on the other.

import type { Assistant, DocumentRecord } from '../src/index.ts';
import { Conversation } from '../src/ui/conversation.ts';
import { compiledModels } from './compiled-models.ts';
import type { Reference } from './ui/answer-view.ts';
import { modelBase, openAssistant } from './ui/assistant.ts';
import { type Chat, createChat } from './ui/chat.ts';
import { startComposer } from './ui/composer.ts';
import { showDevice } from './ui/device-chip.ts';
import { documentList } from './ui/documents.ts';
import { byId } from './ui/dom.ts';
import { emptyState } from './ui/empty-state.ts';
import { plural } from './ui/format.ts';
import { createIngest } from './ui/ingest.ts';
import { startIntake } from './ui/intake.ts';
import { modelProgress } from './ui/model-progress.ts';
import { problem } from './ui/problem.ts';
import { createReader } from './ui/reader.ts';
import { startSettings } from './ui/settings.ts';
import { announce } from './ui/status.ts';
import { storagePanel } from './ui/storage.ts';
import { startTheme } from './ui/theme.ts';
import type { Turn } from './ui/turn.ts';
import { showView, startViews } from './ui/views.ts';

startTheme();
startViews();
const preferences = startSettings(() => compiledModels(modelBase));
const { device, model } = preferences();
const log = byId('log');
const activity = byId('activity');
const models = modelProgress(activity);

/** Joins the parts of the page. @returns brings the page up to date with the collection */
function startDemo(assistant: Assistant): () => Promise<void> {
  const conversation = new Conversation<Turn>('inpage-demo.conversation');
  let records: readonly DocumentRecord[] = [];
  let refreshes = 0;

  const reader = createReader(assistant, (id) => records.find((record) => record.id === id));
  const open = (reference: Reference) => void reader(reference);
  const composer = startComposer({ onQuestion: ask, onStop: () => chat.stop() });
  const onBusy = (busy: boolean) => {
    composer.setBusy(busy);
    if (!busy) afterWork();
  };
  const chat: Chat = createChat({ assistant, log, conversation, preferences, onOpen: open, onBusy });
  const add = createIngest({ assistant, place: byId('ingest'), onChange: afterChange, onEnd: afterWork });
  const intake = startIntake((sources) => {
    showView('documents');
    add(sources);
  });
  const eraseAll = async () => {
    await assistant.clear();
    newChat();
    await refresh();
    announce('Everything was deleted.');
  };
  const showStorage = storagePanel(() => eraseAll().catch(report));
  const showDocuments = documentList({
    place: byId('documents'),
    onOpen: ({ id, title }) => open({ document: id, title }),
    onRemove: (record) => removeOne(record).catch(report),
  });

  async function removeOne({ id, title }: DocumentRecord): Promise<void> {
    await assistant.remove(id);
    await refresh();
    announce(`${title} was removed.`);
    byId('documents-title').focus();
  }

  function ask(question: string): void {
    if (records.length === 0) {
      composer.fill(question);
      showView('documents');
      announce('Add a document first, then ask.');
      return;
    }
    showView('chat');
    log.querySelector('.empty')?.remove();
    chat.ask(question);
    byId('new-chat').hidden = false;
  }

  function showEmpty(): void {
    log.querySelector('.empty')?.remove();
    if (!log.querySelector('.turn')) log.append(emptyState(records, { onSample: intake.loadSample, onQuestion: ask }));
  }

  function newChat(): void {
    chat.stop();
    conversation.clear();
    log.replaceChildren();
    byId('new-chat').hidden = true;
    showEmpty();
  }

  async function refresh(): Promise<void> {
    refreshes += 1;
    const mine = refreshes;
    const [list, stats] = await Promise.all([assistant.documents(), assistant.stats()]);
    if (mine !== refreshes) return;
    const same = list.length === records.length;
    records = list;
    showDocuments(list);
    showStorage(stats);
    showDevice(stats, device);
    byId('view-count').textContent = list.length > 0 ? String(list.length) : '';
    byId('view-count').setAttribute('aria-label', plural(list.length, 'document'));
    if (!same) showEmpty();
  }

  function afterChange(): void {
    refresh().catch(report);
  }

  function afterWork(): void {
    models.clear();
    afterChange();
  }

  byId('new-chat').addEventListener('click', () => {
    newChat();
    composer.focus();
  });
  byId('new-chat').hidden = conversation.turns.length === 0;
  showEmpty();
  return refresh;
}

function report(error: unknown): void {
  const notice: HTMLElement = problem(error, {
    remedy: { label: 'Load the page again', run: () => location.reload() },
    onDismiss: () => notice.remove(),
  });
  activity.append(notice);
}

try {
  let refresh = async () => {};
  const onChange = () => void refresh().catch(report);
  refresh = startDemo(await openAssistant({ device, model, activity, onProgress: models.show, onChange }));
  await refresh();
} catch (error) {
  report(error);
}
