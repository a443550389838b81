// A card for each model that is being loaded: what has come of its download, then that it starts.
import type { LoadProgress } from '../spec/model.ts';
import { bytes } from './bytes.ts';
import { h, uniqueId } from './element.ts';
import type { Language } from './language.ts';
import { filled, type PanelLabels } from './panel-labels.ts';

interface LoadCard {
  element: HTMLElement;
  title: HTMLElement;
  bar: HTMLProgressElement;
  value: HTMLElement;
}

/** Shows loading; give it every `LoadProgress`, and call `clear` when a load has failed. */
export class LoadCards {
  readonly #place: HTMLElement;
  readonly #labels: PanelLabels;
  readonly #language: Language;
  readonly #onShow: (title: string) => void;
  readonly #cards = new Map<string, LoadCard>();

  /** @param onShow called with the title of each new card */
  constructor(place: HTMLElement, labels: PanelLabels, language: Language, onShow: (title: string) => void) {
    this.#place = place;
    this.#labels = labels;
    this.#language = language;
    this.#onShow = onShow;
  }

  show(progress: LoadProgress): void {
    if (progress.phase === 'ready') this.#drop(progress.model);
    if (progress.phase === 'download') {
      const { planLoaded, planTotal, model } = progress;
      const card = this.#card(model, filled(this.#labels.downloading, { model }));
      const loaded = bytes(planLoaded, this.#language);
      const total = bytes(planTotal, this.#language);
      card.value.textContent = planTotal ? filled(this.#labels.loaded, { loaded, total }) : loaded;
      if (planTotal) Object.assign(card.bar, { max: planTotal, value: Math.min(planLoaded, planTotal) });
      else card.bar.removeAttribute('value');
    }
    if (progress.phase === 'compile') {
      const { model, done } = progress;
      const card = this.#card(model, filled(this.#labels.starting, { model }));
      card.value.textContent = '';
      if (done === undefined) card.bar.removeAttribute('value');
      else Object.assign(card.bar, { max: 1, value: done });
    }
  }

  clear(): void {
    for (const model of this.#cards.keys()) this.#drop(model);
  }

  #card(model: string, title: string): LoadCard {
    let card = this.#cards.get(model);
    if (!card) {
      const id = uniqueId('load');
      card = {
        element: h('section', { class: 'card load', part: 'progress' }),
        title: h('p', { id, class: 'load-title' }),
        bar: h('progress', { 'aria-labelledby': id }),
        value: h('p', { class: 'load-value' }),
      };
      card.element.append(card.title, card.value, card.bar);
      this.#cards.set(model, card);
      this.#place.append(card.element);
    }
    if (card.title.textContent !== title) {
      card.title.textContent = title;
      this.#onShow(title);
    }
    return card;
  }

  #drop(model: string): void {
    this.#cards.get(model)?.element.remove();
    this.#cards.delete(model);
  }
}
