// The field for the question; its button sends, or stops the answer at work.
import { byId, icon } from './dom.ts';

interface ComposerOptions {
  onQuestion: (question: string) => void;
  onStop: () => void;
}

export interface Composer {
  /** While busy the button stops, and Enter sends nothing. */
  setBusy(busy: boolean): void;
  /** Puts a text into the field, with the focus. */
  fill(text: string): void;
  focus(): void;
}

/** Binds the form of the page. */
export function startComposer({ onQuestion, onStop }: ComposerOptions): Composer {
  const form = byId<HTMLFormElement>('composer');
  const field = byId<HTMLTextAreaElement>('question');
  const button = byId<HTMLButtonElement>('send');
  let busy = false;

  const update = () => {
    const label = busy ? 'Stop' : 'Send';
    if (button.getAttribute('aria-label') !== label) {
      button.setAttribute('aria-label', label);
      button.replaceChildren(icon(label.toLowerCase()));
    }
    button.setAttribute('aria-disabled', String(!busy && field.value.trim() === ''));
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const question = field.value.trim();
    if (busy || question === '') return;
    field.value = '';
    onQuestion(question);
    update();
  });
  button.addEventListener('click', (event) => {
    if (!busy) return;
    event.preventDefault();
    onStop();
  });
  field.addEventListener('input', update);
  field.addEventListener('keydown', (event) => {
    // Enter also ends the composition of a Chinese or Japanese word; that one must not send.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  update();

  return {
    setBusy(value) {
      busy = value;
      update();
    },
    fill(text) {
      field.value = text;
      update();
      field.focus();
    },
    focus: () => field.focus(),
  };
}
