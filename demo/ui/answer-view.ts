// One turn in the log: the question, the answer as it streams, then its citations, sources and timings.
import type { AnswerTimings, Citation, Usage } from '../../src/index.ts';
import { segments } from '../../src/ui/annotate.ts';
import { h } from './dom.ts';
import { duration } from './format.ts';
import { styledText } from './markdown.ts';
import { type Passage, placeOf, type Turn } from './turn.ts';

/** A place in a document that the reader may open. */
export interface Reference {
  document: string;
  title: string;
  passage?: { start: number; end: number };
  quote?: { start: number; end: number };
  place?: string;
}

type Open = (reference: Reference) => void;

function referenceOf(passage: Passage, citation?: Citation): Reference {
  const { start, end } = citation ?? {};
  return {
    document: passage.document,
    title: passage.title,
    place: placeOf(passage),
    passage: { start: passage.start, end: passage.end },
    ...(start !== undefined && end !== undefined ? { quote: { start, end } } : {}),
  };
}

function citationButton(number: number, passage: Passage, citation: Citation, open: Open): HTMLElement {
  return h(
    'sup',
    {},
    h(
      'button',
      {
        type: 'button',
        class: 'cite',
        'aria-label': `Source ${number}: ${passage.title}`,
        onclick: () => open(referenceOf(passage, citation)),
      },
      String(number),
    ),
  );
}

function annotated({ answer, citations, passages }: Turn, open: Open): (Node | string)[] {
  return segments(answer, citations).flatMap(({ text, citation }) => {
    if (!citation) return styledText(text);
    const passage = citation.source === undefined ? undefined : passages[citation.source - 1];
    if (!citation.supported || !passage || citation.source === undefined)
      return [
        h(
          'span',
          { class: 'unsupported', title: 'No support found in the documents' },
          ...styledText(text),
          h('span', { class: 'visually-hidden' }, ' (no support found in the documents)'),
        ),
      ];
    const body = text.trimEnd();
    // The mark stays on the line of the last word.
    const tail = /\S{1,12}$/.exec(body)?.[0] ?? '';
    const button = citationButton(citation.source, passage, citation, open);
    return [
      h(
        'span',
        { class: 'supported' },
        ...styledText(body.slice(0, body.length - tail.length)),
        h('span', { class: 'together' }, tail, button),
      ),
      text.slice(body.length),
    ];
  });
}

function sourceRow(passage: Passage, number: number | undefined, cited: readonly Citation[], open: Open): HTMLElement {
  const first = cited[0];
  return h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: first ? 'source cited' : 'source', onclick: () => open(referenceOf(passage, first)) },
      number !== undefined && h('span', { class: 'source-number' }, String(number)),
      h(
        'span',
        { class: 'source-name' },
        h('span', { class: 'source-title' }, passage.title),
        h('span', { class: 'source-place' }, placeOf(passage)),
      ),
      h('span', { class: 'source-score', title: 'Similarity to the question (cosine)' }, passage.score.toFixed(2)),
    ),
  );
}

function sourceList(turn: Turn, open: Open): HTMLElement | undefined {
  const abstained = turn.outcome === 'abstained';
  const shown = abstained ? turn.passages.slice(0, 3) : turn.passages.slice(0, turn.used);
  if (shown.length === 0) return undefined;
  return h(
    'div',
    { class: 'sources' },
    h('h3', {}, abstained ? 'Closest passages' : 'Sources'),
    h(
      'ol',
      {},
      ...shown.map((passage, index) => {
        const cited = turn.citations.filter(({ supported, source }) => supported && source === index + 1);
        return sourceRow(passage, abstained ? undefined : index + 1, cited, open);
      }),
    ),
  );
}

function timingLine(timings: AnswerTimings, usage: Usage | undefined): string {
  const parts = [`Found in ${duration(timings.retrievalMs)}`];
  if (usage && usage.completionTokens > 0) {
    parts.push(`first token after ${duration(timings.firstTokenMs)}`);
    if (usage.completionTokens > 1 && timings.decodeMs > 0)
      parts.push(`${(((usage.completionTokens - 1) * 1000) / timings.decodeMs).toFixed(1)} tokens/s`);
  }
  return parts.join(' · ');
}

const notes: Partial<Record<Turn['outcome'], string>> = {
  length: 'The answer reached its longest length. It can be set under Settings.',
  stopped: 'Stopped.',
};

/** Whether the documents' own words are the answer, and where they contradict each other. */
function remarks({ outcome, method, contradictions = [] }: Turn): string[] {
  const quoted = outcome === 'stop' && method === 'extracted' ? ['In the documents’ own words.'] : [];
  return [...quoted, ...contradictions.map(({ sides: [one, other] }) => `Sources differ: “${one.quote}” – “${other.quote}”`)];
}

/** The view of a turn. */
export class AnswerView {
  readonly element: HTMLElement;
  readonly #open: Open;
  readonly #state = h('p', { class: 'answer-state' });
  readonly #stream = document.createTextNode('');
  readonly #body = h('div', { class: 'answer-body' }, this.#stream);
  readonly #answer = h('div', { class: 'answer', 'aria-busy': 'true' }, this.#state, this.#body);

  constructor(question: string, open: Open) {
    this.#open = open;
    this.element = h(
      'article',
      { class: 'turn' },
      h('h2', { class: 'question' }, h('span', { class: 'visually-hidden' }, 'You asked: '), question),
      this.#answer,
    );
  }

  /** A short word on what is going on; empty hides it. */
  state(text: string): void {
    this.#state.textContent = text;
  }

  /** Adds to the streamed text. */
  append(text: string): void {
    this.#stream.appendData(text);
  }

  /** Shows the finished turn. */
  finish(turn: Turn): void {
    this.state('');
    this.#answer.removeAttribute('aria-busy');
    this.#answer.classList.toggle('abstained', turn.outcome === 'abstained');
    this.#body.replaceChildren(...annotated(turn, this.#open));
    const note = notes[turn.outcome];
    const sources = sourceList(turn, this.#open);
    if (note) this.#answer.append(h('p', { class: 'answer-note' }, note));
    for (const remark of remarks(turn)) this.#answer.append(h('p', { class: 'answer-remark' }, remark));
    if (sources) this.#answer.append(sources);
    if (turn.timings) this.#answer.append(h('p', { class: 'timings' }, timingLine(turn.timings, turn.usage)));
  }

  /** Shows that the turn failed. */
  fail(notice: HTMLElement): void {
    this.state('');
    this.#answer.removeAttribute('aria-busy');
    this.#answer.append(notice);
  }
}
