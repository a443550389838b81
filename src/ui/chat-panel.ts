// What the element and its panel know of each other.
import type { AssistantOptions } from '../spec/assistant.ts';

/** The element, as the panel sees it. */
export interface ChatHost extends HTMLElement {
  readonly assistantOptions: AssistantOptions;
  /** Hides the panel. */
  close(): void;
}

/** The panel, as the element sees it. */
export interface ChatPanel {
  readonly element: HTMLElement;
  /** Called each time that it has become visible. */
  shown(): void;
  /** Asks, and resolves when the answer is there or has failed. */
  ask(question: string): Promise<void>;
  /** Ends the assistant. */
  close(): Promise<void>;
}
