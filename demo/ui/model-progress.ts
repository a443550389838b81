// A card while a model is loaded: bytes of each file and of the whole, then compilation.
import type { LoadProgress } from '../../src/index.ts';
import { bytes } from '../../src/ui/bytes.ts';
import { h } from './dom.ts';
import { announce } from './status.ts';

interface Row {
  element: HTMLElement;
  bar: HTMLProgressElement;
  value: HTMLElement;
}

function row(label: string, kind: 'file' | 'total'): Row {
  const bar = h('progress', { max: 1, 'aria-label': label });
  const value = h('span', { class: 'load-value' });
  const element = h('div', { class: `load-row ${kind}` }, h('span', { class: 'load-label' }, label), value, bar);
  return { element, bar, value };
}

function fill({ bar, value }: Row, loaded: number, total: number | undefined): void {
  if (total) {
    bar.max = total;
    bar.value = Math.min(loaded, total);
  } else {
    bar.removeAttribute('value');
  }
  value.textContent = total ? `${bytes(loaded)} of ${bytes(total)}` : bytes(loaded);
}

class ModelCard {
  readonly element: HTMLElement;
  readonly #title = h('h2', { class: 'card-title' });
  readonly #total = row('Together', 'total');
  readonly #files = new Map<string, Row>();
  readonly #list = h('div', { class: 'load-files' });
  readonly #model: string;

  constructor(model: string) {
    this.#model = model;
    this.element = h(
      'section',
      { class: 'card load', 'aria-label': `Model ${model}` },
      this.#title,
      this.#total.element,
      this.#list,
    );
    this.#title.textContent = `Downloading ${model}`;
    announce(`Downloading ${model}`);
  }

  download(progress: Extract<LoadProgress, { phase: 'download' }>): void {
    let file = this.#files.get(progress.file);
    if (!file) {
      file = row(progress.file, 'file');
      this.#files.set(progress.file, file);
      this.#list.append(file.element);
    }
    fill(file, progress.loaded, progress.total);
    fill(this.#total, progress.planLoaded, progress.planTotal || undefined);
  }

  /** @param done share of the work, 0–1, if it is known */
  compile(done?: number): void {
    this.#title.textContent = `Starting ${this.#model}`;
    this.#total.bar.removeAttribute('value');
    this.#total.value.textContent = done === undefined ? '' : `${Math.floor(done * 100)} %`;
    if (done !== undefined) Object.assign(this.#total.bar, { max: 1, value: done });
    this.#list.hidden = true;
  }
}

/** Shows loading in `place`; give it every `LoadProgress`, and `clear` when a load has failed. */
export function modelProgress(place: HTMLElement): { show: (progress: LoadProgress) => void; clear: () => void } {
  const cards = new Map<string, ModelCard>();
  const drop = (model: string) => {
    cards.get(model)?.element.remove();
    cards.delete(model);
  };
  const card = (model: string): ModelCard => {
    let found = cards.get(model);
    if (!found) {
      found = new ModelCard(model);
      cards.set(model, found);
      place.append(found.element);
    }
    return found;
  };
  return {
    show(progress) {
      if (progress.phase === 'download') card(progress.model).download(progress);
      else if (progress.phase === 'compile') card(progress.model).compile(progress.done);
      else if (progress.phase === 'ready') drop(progress.model);
    },
    clear() {
      for (const model of cards.keys()) drop(model);
    },
  };
}
