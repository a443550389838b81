// The panel's frame: head, log, field, and the place where a screen reader is told what happens.
import type { Composer } from './composer.ts';
import { h, uniqueId } from './element.ts';
import { icon } from './icons.ts';
import { directionOf, type Language } from './language.ts';
import type { PanelLabels } from './panel-labels.ts';

interface PanelViewOptions {
  labels: PanelLabels;
  language: Language;
  heading: string;
  composer: Composer;
  onClear: () => void;
  onClose: () => void;
}

/** The frame, and what is put into it. */
export class PanelView {
  readonly element: HTMLElement;
  /** Cards of what is going on; they come after the turns. */
  readonly activity = h('div', { class: 'activity' });
  readonly #turns = h('div', { class: 'turns' });
  readonly #empty: HTMLElement;
  readonly #log: HTMLElement;
  readonly #status = h('div', { class: 'visually-hidden', role: 'status' });

  constructor({ labels, language, heading, composer, onClear, onClose }: PanelViewOptions) {
    const titleId = uniqueId('title');
    this.#empty = h('div', { class: 'empty' }, icon('page'), h('p', { class: 'lead' }, labels.lead), h('p', {}, labels.promise));
    this.#log = h(
      'div',
      { class: 'log', part: 'log', role: 'region', tabindex: 0, 'aria-label': labels.conversation },
      this.#empty,
      this.#turns,
      this.activity,
    );
    this.element = h(
      'section',
      {
        class: 'panel',
        part: 'panel',
        role: 'dialog',
        'aria-labelledby': titleId,
        lang: language,
        dir: directionOf(language),
        hidden: true,
      },
      h(
        'header',
        { class: 'head', part: 'header' },
        h('h2', { id: titleId }, heading),
        h('button', { type: 'button', class: 'icon-button', 'aria-label': labels.clear, onclick: onClear }, icon('clear')),
        h('button', { type: 'button', class: 'icon-button', 'aria-label': labels.close, onclick: onClose }, icon('close')),
      ),
      this.#log,
      composer.element,
      this.#status,
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.stopPropagation();
      onClose();
    });
  }

  /** Adds a turn at the end, and shows it. */
  add(turn: HTMLElement): void {
    this.#empty.hidden = true;
    this.#turns.append(turn);
    this.toEnd();
  }

  /** As before the first question. */
  clear(): void {
    this.#turns.replaceChildren();
    this.#empty.hidden = false;
  }

  toEnd(): void {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Changes the log; a reader at its end stays there, and one who has scrolled up is left alone. */
  change(change: () => void): void {
    const atEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 80;
    change();
    if (atEnd) this.toEnd();
  }

  /** Says something to a screen reader. */
  announce(text: string): void {
    this.#status.textContent = text;
  }
}
