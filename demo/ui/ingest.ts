// Adds documents one batch after another, with progress, a way to stop, and one notice per document that failed.
import { type Assistant, type IngestFailure, type IngestProgress, InpageError, isAbort, type Source } from '../../src/index.ts';
import { h } from './dom.ts';
import { perSecond, plural } from './format.ts';
import { problem } from './problem.ts';
import { announce } from './status.ts';

interface IngestOptions {
  assistant: Assistant;
  /** Where progress and notices are shown. */
  place: HTMLElement;
  /** Called after documents may have changed, and between documents. */
  onChange: () => void;
  /** Called when a batch has ended, however it ended. */
  onEnd: () => void;
}

const phases: Readonly<Record<IngestProgress['phase'], string>> = { read: 'Reading', embed: 'Embedding', store: 'Storing' };

function sourceName(source: Source): string {
  if (source instanceof File) return source.name;
  if (typeof source === 'object' && 'source' in source) return sourceName(source.source);
  if (typeof source === 'object' && 'title' in source && typeof source.title === 'string') return source.title;
  return 'The document';
}

/** A failure with the sources to hand in again. */
interface Failure {
  subject: string;
  error: unknown;
  again: readonly Source[];
}

function failuresOf(error: unknown, sources: readonly Source[]): Failure[] {
  if (InpageError.is(error, 'add-incomplete'))
    return (error.detail.failed as readonly IngestFailure[]).map((failure) => {
      const source = sources[failure.source];
      return { subject: failure.name, error: failure.error, again: source === undefined ? [] : [source] };
    });
  const [only] = sources;
  const subject = sources.length === 1 && only !== undefined ? sourceName(only) : plural(sources.length, 'document');
  return [{ subject, error, again: sources }];
}

function progressCard(total: number, onCancel: () => void) {
  const bar = h('progress', { max: total, 'aria-label': 'Documents added' });
  const document = h('p', { class: 'ingest-document' }, 'Getting ready…');
  const figures = h('p', { class: 'ingest-figures' });
  const element = h(
    'section',
    { class: 'card ingest', 'aria-label': 'Adding documents' },
    h(
      'div',
      { class: 'ingest-head' },
      document,
      h('button', { type: 'button', class: 'text-button', onclick: onCancel }, 'Cancel'),
    ),
    bar,
    figures,
  );
  const update = ({ phase, document: title, sourcesDone, sourcesTotal, chunksDone, chunksPerSecond }: IngestProgress) => {
    bar.max = sourcesTotal;
    // With all of them read, only the last passages are still to come.
    if (sourcesDone < sourcesTotal) bar.value = sourcesDone;
    else bar.removeAttribute('value');
    document.textContent = `${phases[phase]} ${title}`;
    figures.textContent = [
      `${sourcesDone} of ${plural(sourcesTotal, 'document')} read`,
      plural(chunksDone, 'passage'),
      ...(chunksPerSecond > 0 ? [perSecond(chunksPerSecond)] : []),
    ].join(' · ');
  };
  return { element, update };
}

/** Gives the function that adds sources. Batches wait for each other; cancelling ends the one at work. */
export function createIngest({
  assistant,
  place,
  onChange,
  onEnd,
}: IngestOptions): (sources: readonly Source[]) => Promise<void> {
  let turn: Promise<void> = Promise.resolve();

  async function run(sources: readonly Source[]): Promise<void> {
    const abort = new AbortController();
    const card = progressCard(sources.length, () => abort.abort());
    place.prepend(card.element);
    announce(`Adding ${plural(sources.length, 'document')}`);
    let done = 0;
    try {
      const { added, unchanged } = await assistant.add(sources, {
        signal: abort.signal,
        onProgress(progress) {
          card.update(progress);
          if (progress.sourcesDone > done) onChange();
          done = progress.sourcesDone;
        },
      });
      const kept = unchanged.length > 0 ? `, ${plural(unchanged.length, 'document')} unchanged` : '';
      announce(`${plural(added.length, 'document')} added${kept}`);
    } catch (error) {
      if (isAbort(error)) announce('Adding stopped. What was finished is kept.');
      else showFailures(error, sources);
    } finally {
      card.element.remove();
      onChange();
      onEnd();
    }
  }

  function showFailures(error: unknown, sources: readonly Source[]): void {
    for (const { subject, error: cause, again } of failuresOf(error, sources)) {
      const run = () => {
        notice.remove();
        add(again);
      };
      const notice: HTMLElement = problem(cause, {
        subject,
        remedy: { label: 'Try again', run },
        onDismiss: () => notice.remove(),
      });
      place.append(notice);
    }
  }

  function add(sources: readonly Source[]): Promise<void> {
    turn = turn.then(() => run(sources));
    return turn;
  }
  return add;
}
