// One turn in the log: the question, the answer as it streams, then its sources.
import type { Citation } from '../spec/citation.ts';
import { h } from './element.ts';
import { type MarkdownParser, renderMarkdown } from './markdown.ts';
import { filled, type PanelLabels } from './panel-labels.ts';
import { type Passage, placeOf, type Turn } from './turn.ts';

/** How many passages are offered where there is no answer. */
const offered = 3;

/** What a view needs of the panel. */
export interface AnswerViewOptions {
  labels: PanelLabels;
  parse: MarkdownParser;
  /** Makes what leads to a passage: a button, or a link where it stands in another page. */
  reference: (passage: Passage, quote: string | undefined, properties: Record<string, string>, ...content: Node[]) => HTMLElement;
}

/** The view of a turn. */
export class AnswerView {
  readonly element: HTMLElement;
  readonly #options: AnswerViewOptions;
  readonly #state: HTMLElement;
  readonly #body = h('div', { class: 'answer-body', dir: 'auto' });
  readonly #answer: HTMLElement;

  constructor(question: string, options: AnswerViewOptions) {
    this.#options = options;
    this.#state = h('p', { class: 'state' });
    this.#answer = h('div', { class: 'answer', part: 'answer', 'aria-busy': 'true' }, this.#state, this.#body);
    this.element = h(
      'article',
      { class: 'turn' },
      h(
        'h3',
        { class: 'question', part: 'question', dir: 'auto' },
        h('span', { class: 'visually-hidden' }, `${options.labels.asked} `),
        question,
      ),
      this.#answer,
    );
  }

  /** A short word on what is going on; empty hides it. */
  state(text: string): void {
    this.#state.textContent = text;
  }

  /** Shows the answer as far as it is there. */
  update(turn: Turn): void {
    if (turn.answer) this.state('');
    this.#body.replaceChildren(...this.#render(turn));
  }

  /** Shows the finished turn. */
  finish(turn: Turn): void {
    const { labels } = this.#options;
    this.state('');
    this.#answer.removeAttribute('aria-busy');
    const abstained = turn.outcome === 'abstained';
    this.#body.replaceChildren(...(abstained ? [h('p', {}, labels.nothingFound)] : this.#render(turn)));
    const note =
      turn.outcome === 'stopped'
        ? labels.stopped
        : turn.outcome === 'length'
          ? labels.cut
          : turn.outcome === 'stop' && turn.method === 'extracted' && labels.quoted;
    if (note) this.#answer.append(h('p', { class: 'note' }, note));
    const sources = this.#sources(turn);
    if (sources) this.#answer.append(sources);
  }

  /** Shows that the turn failed. */
  fail(notice: HTMLElement): void {
    this.state('');
    this.#answer.removeAttribute('aria-busy');
    this.#answer.append(notice);
  }

  #render({ answer, citations, passages }: Turn): (Node | string)[] {
    return renderMarkdown(answer, this.#options.parse, citations, (text, citation, last) => {
      const { labels, reference } = this.#options;
      const passage = citation.supported && citation.source !== undefined ? passages[citation.source - 1] : undefined;
      if (!passage) {
        const aside = last && h('span', { class: 'visually-hidden' }, ` (${labels.unsupported})`);
        return [h('span', { class: 'unsupported', title: labels.unsupported }, text, aside)];
      }
      if (!last) return [text];
      const number = String(citation.source);
      const label = filled(labels.source, { number, title: placeOf(passage) });
      const mark = reference(
        passage,
        citation.quote,
        { class: 'cite', part: 'citation', 'aria-label': label },
        document.createTextNode(number),
      );
      // The mark stays on the line of the last word.
      const tail = /\S{1,12}\s*$/.exec(text)?.[0] ?? '';
      return [text.slice(0, text.length - tail.length), h('span', { class: 'together' }, tail.trimEnd(), mark), ' '];
    });
  }

  #sources({ outcome, passages, used, citations }: Turn): HTMLElement | undefined {
    const { labels, reference } = this.#options;
    const quotes = new Map<number, Citation>();
    for (const citation of citations)
      if (citation.supported && citation.source !== undefined && !quotes.has(citation.source))
        quotes.set(citation.source, citation);
    const abstained = outcome === 'abstained';
    const rows = passages
      .slice(0, abstained ? offered : used)
      .map((passage, index) => ({ passage, number: index + 1, quote: quotes.get(index + 1)?.quote }))
      .filter(({ quote }) => abstained || quote !== undefined);
    if (rows.length === 0) return undefined;
    return h(
      'div',
      { class: 'sources' },
      h('h4', {}, abstained ? labels.closest : labels.sources),
      h(
        'ol',
        {},
        ...rows.map(({ passage, number, quote }) =>
          h(
            'li',
            {},
            reference(
              passage,
              quote,
              { class: 'source', part: 'source' },
              h(
                'span',
                { class: 'source-number', 'aria-hidden': abstained ? 'true' : undefined },
                abstained ? '·' : String(number),
              ),
              h(
                'span',
                { class: 'source-text', dir: 'auto' },
                h('span', { class: 'source-place' }, placeOf(passage)),
                h('span', { class: 'source-quote' }, quote ?? passage.text),
              ),
            ),
          ),
        ),
      ),
    );
  }
}
