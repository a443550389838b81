// Asks the assistant and follows its events into the log.
import { type AnswerEvent, type Assistant, isAbort } from '../../src/index.ts';
import type { Conversation } from '../../src/ui/conversation.ts';
import { AnswerView, type Reference } from './answer-view.ts';
import { plural } from './format.ts';
import type { Preferences } from './preferences.ts';
import { problem } from './problem.ts';
import { announce } from './status.ts';
import { passageOf, type Turn } from './turn.ts';

interface ChatOptions {
  assistant: Assistant;
  log: HTMLElement;
  conversation: Conversation<Turn>;
  preferences: () => Preferences;
  onOpen: (reference: Reference) => void;
  /** Called when an answer starts and ends. */
  onBusy: (busy: boolean) => void;
}

export interface Chat {
  ask(question: string): Promise<void>;
  stop(): void;
}

function take(event: AnswerEvent, turn: Turn, view: AnswerView): void {
  if (event.type === 'step') {
    if (event.reason) view.state(event.reason);
  } else if (event.type === 'retrieval') {
    turn.passages = event.hits.map(passageOf);
    turn.used = event.used;
    if (event.used > 0) view.state(`Reading ${plural(event.used, 'passage')}…`);
  } else if (event.type === 'token') {
    if (turn.answer === '') view.state('');
    turn.answer += event.text;
    view.append(event.text);
  } else if (event.type === 'citation') {
    turn.citations.push(event.citation);
  } else {
    const { answer, reason, hits, citations, method, contradictions, timings, usage } = event;
    Object.assign(turn, { answer, outcome: reason, citations: [...citations], method, contradictions, timings, usage });
    turn.passages = hits.map(passageOf);
  }
}

function summary({ outcome, citations }: Turn): string {
  if (outcome === 'abstained') return 'Nothing relevant was found in the documents.';
  if (outcome === 'stopped') return 'Answer stopped.';
  const supported = citations.filter((citation) => citation.supported).length;
  return `Answer complete. ${supported} of ${plural(citations.length, 'sentence')} supported by the documents.`;
}

/** The chat: shows the kept turns and asks new questions, one at a time. */
export function createChat({ assistant, log, conversation, preferences, onOpen, onBusy }: ChatOptions): Chat {
  let abort: AbortController | undefined;

  for (const turn of conversation.turns) {
    const view = new AnswerView(turn.question, onOpen);
    view.finish(turn);
    log.append(view.element);
  }
  log.scrollTop = log.scrollHeight;

  // A reader who has scrolled up is reading; only one at the end is taken along.
  const followed = (change: () => void) => {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    change();
    if (atEnd) log.scrollTop = log.scrollHeight;
  };

  async function follow(turn: Turn, view: AnswerView, signal: AbortSignal): Promise<void> {
    const { passages, answerTokens, temperature } = preferences();
    const generation = { maxTokens: answerTokens, temperature };
    for await (const event of assistant.ask(turn.question, { k: passages, generation, signal }))
      followed(() => take(event, turn, view));
  }

  async function ask(question: string): Promise<void> {
    if (abort) return;
    abort = new AbortController();
    const view = new AnswerView(question, onOpen);
    const turn: Turn = { question, answer: '', outcome: 'stop', passages: [], used: 0, citations: [] };
    log.append(view.element);
    log.scrollTop = log.scrollHeight;
    onBusy(true);
    view.state('Searching…');
    announce('Searching');
    try {
      await follow(turn, view, abort.signal);
      settle(turn, view);
    } catch (error) {
      if (isAbort(error)) settle({ ...turn, outcome: 'stopped' }, view);
      else {
        const again = () => {
          view.element.remove();
          ask(question);
        };
        followed(() => view.fail(problem(error, { remedy: { label: 'Ask again', run: again } })));
      }
    } finally {
      abort = undefined;
      onBusy(false);
    }
  }

  function settle(turn: Turn, view: AnswerView): void {
    // A new chat has been started in the meantime.
    if (!view.element.isConnected) return;
    followed(() => view.finish(turn));
    conversation.add(turn);
    announce(summary(turn));
  }

  return { ask, stop: () => abort?.abort() };
}
