// What plays episodes. A scripted policy knows its task and acts through the DOM tools alone: what it can do proves that they can.
import type { Hands } from './hands.ts';

/** Plays one episode; it returns when it is through, and throws where it does not know what to do. */
export type Oracle = (hands: Hands) => Promise<void>;

/** Plays an episode of a task. */
export type Policy = (hands: Hands, task: string) => Promise<void>;
