// What the chat shows before the first question.
import type { DocumentRecord } from '../../src/index.ts';
import { h } from './dom.ts';
import { plural } from './format.ts';
import { isSample, sampleQuestions } from './sample.ts';

interface EmptyStateOptions {
  onSample: () => void;
  onQuestion: (question: string) => void;
}

const promises = [
  ['Nothing leaves this device', 'Reading, searching and answering happen in this page. There is no server behind it.'],
  ['Every sentence is checked', 'An answer links to the passage that supports it, or says that there is none.'],
  ['It stays', 'Documents and models are kept in this browser, also without a network.'],
] as const;

/** The empty state for these documents. */
export function emptyState(records: readonly DocumentRecord[], { onSample, onQuestion }: EmptyStateOptions): HTMLElement {
  if (records.length === 0)
    return h(
      'div',
      { class: 'empty' },
      h('h2', {}, 'Ask your own documents'),
      h(
        'p',
        { class: 'empty-lead' },
        'Add a few files and ask. A language model that runs in this page answers from them and shows where it is written.',
      ),
      h(
        'ul',
        { class: 'promises' },
        ...promises.map(([title, text]) => h('li', {}, h('strong', {}, title), h('span', {}, text))),
      ),
      h('button', { type: 'button', class: 'button primary', onclick: onSample }, 'Try it with the sample handbook'),
    );
  const sample = records.some(isSample);
  return h(
    'div',
    { class: 'empty' },
    h('h2', {}, `Ask about your ${plural(records.length, 'document')}`),
    h(
      'p',
      { class: 'empty-lead' },
      sample
        ? 'The handbook of the Solvei S2, a balcony battery, is ready. Try one of these:'
        : 'They are ready, and nothing leaves this device.',
    ),
    sample &&
      h(
        'ul',
        { class: 'examples' },
        ...sampleQuestions.map((question) =>
          h('li', {}, h('button', { type: 'button', class: 'example', onclick: () => onQuestion(question) }, question)),
        ),
      ),
  );
}
