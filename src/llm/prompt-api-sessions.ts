// The conversations that the browser holds for a model: one that a prompt goes on from is not read again.
import type { CallOptions } from '../spec/call.ts';
import type { ChatMessage } from '../spec/llm.ts';
import type { LanguageModelSession, SessionOptions } from './prompt-api-browser.ts';
import { usageOf } from './prompt-api-browser.ts';

/** Makes a session that begins with messages. */
export type CreateSession = (
  messages: readonly ChatMessage[],
  options: SessionOptions,
  call: CallOptions,
) => Promise<LanguageModelSession>;

interface Held {
  session: LanguageModelSession;
  messages: readonly ChatMessage[];
  /** The options it was created with. */
  key: string;
}

/** How many are held: the beginning that prompts share, the last conversation, and one more. */
const most = 3;

/** The sessions in use and the last few before them. One caller at a time. */
export class PromptSessions {
  readonly #create: CreateSession;
  /** The last used first. */
  #held: Held[] = [];

  constructor(create: CreateSession) {
    this.#create = create;
  }

  /**
   * A session that holds exactly these messages; to be cloned, not prompted.
   * @returns with it, how many of its tokens were there before
   */
  async at(
    messages: readonly ChatMessage[],
    options: SessionOptions,
    call: CallOptions,
  ): Promise<{ session: LanguageModelSession; cachedTokens: number }> {
    const key = JSON.stringify(options);
    // An empty session is no beginning for others: a system message can only be given at the creation.
    const [nearest] = this.#held
      .filter(
        (held) => held.key === key && begins(messages, held.messages) && (held.messages.length > 0 || messages.length === 0),
      )
      .sort((a, b) => b.messages.length - a.messages.length);
    const cachedTokens = nearest ? usageOf(nearest.session) : 0;
    if (nearest?.messages.length === messages.length) {
      this.#use(nearest);
      return { session: nearest.session, cachedTokens };
    }
    const session = nearest ? await extend(nearest, messages, call) : await this.#create(messages, options, call);
    this.#use({ session, messages, key });
    return { session, cachedTokens };
  }

  /** Holds a session that has come to these messages. */
  keep(session: LanguageModelSession, messages: readonly ChatMessage[], options: SessionOptions): void {
    this.#use({ session, messages, key: JSON.stringify(options) });
  }

  /** Gives all of them back to the browser. */
  clear(): void {
    for (const { session } of this.#held.splice(0)) session.destroy();
  }

  #use(held: Held): void {
    this.#held = [held, ...this.#held.filter((other) => other !== held)];
    for (const { session } of this.#held.splice(most)) session.destroy();
  }
}

function begins(messages: readonly ChatMessage[], start: readonly ChatMessage[]): boolean {
  return start.every(({ role, content }, i) => messages[i]?.role === role && messages[i]?.content === content);
}

async function extend(nearest: Held, messages: readonly ChatMessage[], { signal }: CallOptions): Promise<LanguageModelSession> {
  const session = await nearest.session.clone({ signal });
  try {
    await session.append(messages.slice(nearest.messages.length), { signal });
    return session;
  } catch (error) {
    session.destroy();
    throw error;
  }
}
