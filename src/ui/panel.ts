// The open assistant: reads the page, asks before it downloads, shows answers, and leads from a citation to its place in the page.
import type { DownloadPlan } from '../spec/model.ts';
import { isAbort } from '../util/errors.ts';
import { AnswerView, type AnswerViewOptions } from './answer-view.ts';
import type { ChatHost, ChatPanel } from './chat-panel.ts';
import { Composer } from './composer.ts';
import { consentCard } from './consent-card.ts';
import { Conversation } from './conversation.ts';
import { findInPage } from './find-in-page.ts';
import { languageOf, tagOf } from './language.ts';
import { LoadCards } from './load-cards.ts';
import { loadMarkdown, type MarkdownParser } from './markdown.ts';
import { PageSession } from './page-session.ts';
import { filled, panelLabels } from './panel-labels.ts';
import { panelStyle } from './panel-style.ts';
import { PanelView } from './panel-view.ts';
import { problemCard } from './problem-card.ts';
import { reference } from './reference.ts';
import { clearMark, showInPage } from './show-in-page.ts';
import { adopt } from './style-sheet.ts';
import { newTurn, type Passage, type Turn, withEvent } from './turn.ts';

/** Where the panel covers the page. As in the styles. */
const narrow = '(max-width: 600px)';

/** @throws TypeError where the Markdown parser cannot be fetched */
export async function createPanel(host: ChatHost): Promise<ChatPanel> {
  if (host.shadowRoot) adopt(host.shadowRoot, panelStyle);
  return new Panel(host, await loadMarkdown());
}

class Panel implements ChatPanel {
  readonly #host: ChatHost;
  readonly #language;
  readonly #labels;
  readonly #composer: Composer;
  readonly #view: PanelView;
  readonly #loads: LoadCards;
  readonly #session: PageSession;
  readonly #conversation: Conversation<Turn>;
  readonly #viewOptions: AnswerViewOptions;
  /** The last question that was put to the reader; one is put at a time. */
  #consent: Promise<boolean> = Promise.resolve(true);
  #abort: AbortController | undefined;

  constructor(host: ChatHost, parse: MarkdownParser) {
    this.#host = host;
    this.#language = languageOf(tagOf(host));
    const labels = panelLabels[this.#language];
    this.#labels = labels;
    this.#composer = new Composer({
      labels,
      placeholder: host.getAttribute('placeholder') || labels.placeholder,
      onQuestion: (question) => void this.ask(question),
      onStop: () => this.#abort?.abort(),
    });
    this.#view = new PanelView({
      labels,
      language: this.#language,
      heading: host.getAttribute('heading') || labels.title,
      composer: this.#composer,
      onClear: () => this.#clear(),
      onClose: () => host.close(),
    });
    this.#loads = new LoadCards(this.#view.activity, labels, this.#language, (title) => this.#view.announce(title));
    const { name, index, source } = settingsOf(host);
    this.#session = new PageSession({
      source,
      assistant: {
        name,
        ...(index && { index }),
        ...(host.getAttribute('models') && { models: { base: host.getAttribute('models') as string } }),
        ...(host.getAttribute('strategy') && { strategy: host.getAttribute('strategy') as string }),
        confirmDownload: (plan) => this.#confirm(plan),
        onProgress: (progress) => this.#view.change(() => this.#loads.show(progress)),
        ...host.assistantOptions,
      },
    });
    this.#conversation = new Conversation<Turn>(`inpage-chat ${name}`);
    this.#viewOptions = {
      labels,
      parse,
      reference: (passage, quote, properties, ...content) =>
        reference(passage, quote, () => this.#show(passage, quote), properties, content),
    };
    for (const turn of this.#conversation.turns) {
      const view = new AnswerView(turn.question, this.#viewOptions);
      view.finish(turn);
      this.#view.add(view.element);
    }
  }

  get element(): HTMLElement {
    return this.#view.element;
  }

  shown(): void {
    this.#view.toEnd();
    this.#composer.focus();
    void this.#read();
  }

  async ask(question: string): Promise<void> {
    if (this.#abort) return;
    const abort = new AbortController();
    this.#abort = abort;
    const view = new AnswerView(question, this.#viewOptions);
    this.#view.activity.querySelector('.problem')?.remove();
    this.#view.add(view.element);
    this.#composer.setBusy(true);
    view.state(this.#labels.searching);
    let turn = newTurn(question);
    try {
      for await (const event of this.#session.ask(question, this.#conversation.turns, abort.signal)) {
        turn = withEvent(turn, event);
        if (event.type === 'retrieval' && event.used > 0 && !turn.answer)
          view.state(filled(this.#labels.answering, { count: event.used }));
        if (event.type === 'token' || event.type === 'citation') this.#view.change(() => view.update(turn));
      }
      this.#settle(turn, view);
    } catch (error) {
      if (isAbort(error)) this.#settle({ ...turn, outcome: 'stopped' }, view);
      else {
        this.#loads.clear();
        const again = () => {
          view.element.remove();
          void this.ask(question);
        };
        this.#view.change(() => view.fail(problemCard(error, this.#labels, again)));
      }
    } finally {
      this.#abort = undefined;
      this.#composer.setBusy(false);
    }
  }

  async close(): Promise<void> {
    this.#abort?.abort();
    clearMark();
    await this.#session.close();
  }

  /** Reads the page ahead of the first question. */
  async #read(): Promise<void> {
    const { activity } = this.#view;
    if (activity.querySelector('.reading')) return;
    activity.querySelector('.problem')?.remove();
    const state = document.createElement('p');
    state.className = 'state reading';
    state.textContent = this.#labels.reading;
    activity.prepend(state);
    try {
      await this.#session.read();
    } catch (error) {
      this.#loads.clear();
      // A question that waits for this tells of the error itself.
      if (!this.#abort) this.#view.change(() => activity.append(problemCard(error, this.#labels, () => void this.#read())));
    } finally {
      state.remove();
    }
  }

  #confirm(plan: DownloadPlan): Promise<boolean> {
    this.#consent = this.#consent.then(async () => {
      const { element, answer } = consentCard(plan, this.#labels, this.#language);
      this.#view.activity.append(element);
      this.#view.toEnd();
      this.#view.announce(element.querySelector('h3')?.textContent ?? '');
      const agreed = await answer;
      const focused = element.contains(this.#host.shadowRoot?.activeElement ?? null);
      element.remove();
      if (focused) this.#composer.focus();
      return agreed;
    });
    return this.#consent;
  }

  #settle(turn: Turn, view: AnswerView): void {
    // A new conversation has been started in the meantime.
    if (!view.element.isConnected) return;
    this.#view.change(() => view.finish(turn));
    this.#conversation.add(turn);
    const { answered, nothingFound, stopped } = this.#labels;
    const said = turn.outcome === 'abstained' ? nothingFound : turn.outcome === 'stopped' ? stopped : turn.answer;
    this.#view.announce(`${answered} ${said}`);
  }

  #show(passage: Passage, quote: string | undefined): void {
    const part = this.#session.part() ?? document.body;
    const range = findInPage(part, quote ?? passage.text, passage.text) ?? findInPage(document.body, quote ?? passage.text);
    this.#view.announce(range ? this.#labels.shown : this.#labels.gone);
    if (!range) return;
    if (matchMedia(narrow).matches) this.#host.close();
    showInPage(range);
  }

  #clear(): void {
    this.#abort?.abort();
    clearMark();
    this.#conversation.clear();
    this.#view.clear();
    this.#composer.focus();
  }
}

/** The attributes, with what they mean where they are missing. */
function settingsOf(host: ChatHost): { name: string; index: string; source: string } {
  const index = host.getAttribute('index') ?? '';
  const source = host.getAttribute('source') ?? (index ? '' : 'main');
  const name =
    host.getAttribute('name') || (index ? `site ${new URL(index, document.baseURI).pathname}` : `page ${location.pathname}`);
  return { name: name.slice(0, 200), index, source };
}
