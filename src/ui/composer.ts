// The field for the question; its button sends, or stops the answer at work.
import { h } from './element.ts';
import { icon } from './icons.ts';
import type { PanelLabels } from './panel-labels.ts';

interface ComposerOptions {
  labels: PanelLabels;
  placeholder: string;
  onQuestion: (question: string) => void;
  onStop: () => void;
}

/** The form at the foot of the panel. */
export class Composer {
  readonly element: HTMLFormElement;
  readonly #options: ComposerOptions;
  readonly #field: HTMLTextAreaElement;
  readonly #button: HTMLButtonElement;
  #busy = false;

  constructor(options: ComposerOptions) {
    const { labels, placeholder, onQuestion, onStop } = options;
    this.#options = options;
    this.#field = h('textarea', {
      class: 'field',
      part: 'field',
      rows: 1,
      dir: 'auto',
      placeholder,
      'aria-label': labels.field,
      enterkeyhint: 'send',
    });
    this.#button = h('button', { type: 'submit', class: 'send', part: 'send' });
    this.element = h('form', { class: 'composer', part: 'composer' }, this.#field, this.#button);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      const question = this.#field.value.trim();
      if (this.#busy || question === '') return;
      this.#field.value = '';
      this.#update();
      onQuestion(question);
    });
    this.#button.addEventListener('click', (event) => {
      if (!this.#busy) return;
      event.preventDefault();
      onStop();
    });
    this.#field.addEventListener('input', () => this.#update());
    this.#field.addEventListener('keydown', (event) => {
      // Enter also ends the composition of a Chinese or Japanese word; that one must not send.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.element.requestSubmit();
    });
    this.setBusy(false);
  }

  focus(): void {
    this.#field.focus();
  }

  /** While busy the button stops, and Enter sends nothing. */
  setBusy(busy: boolean): void {
    this.#busy = busy;
    const { labels } = this.#options;
    this.#button.setAttribute('aria-label', busy ? labels.stop : labels.send);
    this.#button.replaceChildren(icon(busy ? 'stop' : 'send'));
    this.#update();
  }

  #update(): void {
    this.#button.setAttribute('aria-disabled', String(!this.#busy && this.#field.value.trim() === ''));
    // The field grows with its text; where the browser does it by itself, this changes nothing.
    this.#field.rows = Math.min(5, this.#field.value.split('\n').length);
  }
}
