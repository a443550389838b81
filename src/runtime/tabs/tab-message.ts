// What tabs of one origin say to each other about an engine that one of them, the leader, runs for all.
import type { SerializedError } from '../../util/errors.ts';

/** What is said. The numbers of calls and questions are of the tab that began them. */
export type TabContent =
  /** Who leads? Asked by a tab that does not know, or has not heard from the leader for a while. */
  | { type: 'hello' }
  /** I do. */
  | { type: 'leader' }
  /** `progress` says whether the caller wants to know of it. */
  | { type: 'call'; call: number; method: string; args: readonly unknown[]; progress: boolean }
  | { type: 'abort'; call: number }
  | { type: 'progress'; call: number; progress: unknown }
  /** Part of a stream, or the result of a call. */
  | { type: 'item'; call: number; item: unknown }
  | { type: 'end'; call: number }
  | { type: 'error'; call: number; error: SerializedError }
  /** The leader needs a decision of a tab that waits for it. */
  | { type: 'ask'; question: number; about: unknown }
  | { type: 'answer'; question: number; answer: unknown }
  /** Something that every tab may want to know. */
  | { type: 'notice'; notice: unknown };

/** A message on the channel of an engine; `to` everybody where it names nobody. */
export type TabMessage = TabContent & { from: string; to?: string };

/** Says something to one tab, or to all. */
export type Post = (content: TabContent, to?: string) => void;

/** Name of the Web Lock that a tab holds for as long as it takes part. */
export function tabLock(id: string): string {
  return `inpage-tab-${id}`;
}
