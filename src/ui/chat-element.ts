// The element `<inpage-chat>`: a button in the corner of the page. Everything behind it is loaded when a reader presses it.
import type { AssistantOptions } from '../spec/assistant.ts';
import type { ChatHost, ChatPanel } from './chat-panel.ts';
import { h } from './element.ts';
import { icon } from './icons.ts';
import { directionOf, languageOf, tagOf } from './language.ts';
import { launcherLabels } from './launcher-labels.ts';
import { launcherStyle } from './launcher-style.ts';
import { adopt } from './style-sheet.ts';

// There is no such class where pages are rendered on a server.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/**
 * An assistant for the page that it stands in. Attributes, all optional, and read when it is first opened:
 * - `source`: selector of what is read @default `main`, or the whole body; with `index` nothing but the index
 * - `index`: address of an index that `npx inpage build` or `export()` made
 * - `models`: folder of the models @default `/models/`
 * - `name`: name of the collection @default one for each page
 * - `strategy`: how answers come about @default `naive`
 * - `heading`, `placeholder`: texts of one's own
 * - `theme`: `light` or `dark` @default that of the page
 * - `lang`: language of the labels @default that of the page
 */
export class InpageChatElement extends Base implements ChatHost {
  /** Settings of the assistant beyond the attributes, e.g. `llm`; set before it is first opened. */
  assistantOptions: AssistantOptions = {};
  #panel: ChatPanel | undefined;
  #opening: Promise<void> | undefined;
  #corner: HTMLElement | undefined;
  #launcher: HTMLButtonElement | undefined;
  #failure: HTMLElement | undefined;

  /** Draws the button. */
  connectedCallback(): void {
    if (this.#corner) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    adopt(root, launcherStyle);
    const language = languageOf(tagOf(this));
    const labels = launcherLabels[language];
    this.#failure = h('p', { class: 'failure', role: 'alert', hidden: true }, labels.failed);
    this.#launcher = h(
      'button',
      { type: 'button', class: 'launcher', part: 'launcher', 'aria-haspopup': 'dialog', 'aria-expanded': 'false' },
      icon('chat'),
      h('span', {}, this.getAttribute('heading') || labels.open),
    );
    this.#launcher.addEventListener('click', () => void this.open());
    this.#corner = h('div', { class: 'corner', lang: language, dir: directionOf(language) }, this.#failure, this.#launcher);
    root.append(this.#corner);
  }

  /** Whether the panel is shown. */
  get isOpen(): boolean {
    return this.#panel?.element.isConnected === true && !this.#panel.element.hidden;
  }

  /** Loads the panel if it is not there, and shows it. A failure is told beside the button. */
  async open(): Promise<void> {
    this.#opening ??= this.#load();
    try {
      await this.#opening;
    } finally {
      this.#opening = undefined;
    }
    if (!this.#panel || !this.#corner || !this.#launcher) return;
    this.#panel.element.hidden = false;
    this.#corner.hidden = true;
    this.#launcher.setAttribute('aria-expanded', 'true');
    this.#panel.shown();
  }

  /** Hides the panel; what it does goes on. The focus goes back to the button. */
  close(): void {
    if (!this.isOpen || !this.#panel || !this.#corner || !this.#launcher) return;
    this.#panel.element.hidden = true;
    this.#corner.hidden = false;
    this.#launcher.setAttribute('aria-expanded', 'false');
    this.#launcher.focus();
  }

  /** Opens the panel and asks. Errors are shown in the conversation. */
  async ask(question: string): Promise<void> {
    await this.open();
    await this.#panel?.ask(question);
  }

  /** Ends the assistant once the element is out of the page for good. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return;
      void this.#panel?.close();
      this.#panel?.element.remove();
      this.#panel = undefined;
    });
  }

  async #load(): Promise<void> {
    if (this.#panel || !this.#corner || !this.#failure || !this.#launcher) return;
    const label = this.#launcher.lastChild as HTMLElement;
    const before = label.textContent;
    label.textContent = launcherLabels[languageOf(tagOf(this))].opening;
    this.#failure.hidden = true;
    try {
      const { createPanel } = await import('./panel.ts');
      this.#panel = await createPanel(this);
      this.shadowRoot?.append(this.#panel.element);
    } catch (error) {
      this.#failure.hidden = false;
      console.error(error);
    } finally {
      label.textContent = before;
    }
  }
}

/** Makes `<inpage-chat>` known to the page; again does nothing. */
export function defineChat(): void {
  if (!customElements.get('inpage-chat')) customElements.define('inpage-chat', InpageChatElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'inpage-chat': InpageChatElement;
  }
}
