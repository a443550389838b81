// A task of MiniWoB++ in a frame: opens its page, starts episodes from seeds, and tells how they ended.
import { pause } from './pause.ts';

/** What the pages of MiniWoB++ have in their window. */
interface TaskWindow extends Window {
  core: {
    EPISODE_MAX_TIME: number;
    cover_div: unknown;
    startEpisodeReal(): void;
    endEpisode(reward: number): void;
    getUtterance(): string | { utterance: string };
  };
  Math: Math & { seedrandom(seed: string): void };
  WOB_DONE_GLOBAL: boolean;
  WOB_RAW_REWARD_GLOBAL: number;
}

/** Parts of the pages that belong to the benchmark, not to the task. */
export const benchmarkParts = '#query, #reward-display, #click-canvas, #sync-task-cover';

/** Longer than any policy takes; the pages' own limits are for people. In ms. */
const episodeTime = 600_000;

/** A task's page in a frame. */
export class TaskFrame {
  readonly #frame = document.createElement('iframe');

  constructor() {
    this.#frame.style.cssText =
      'width: 500px; height: 400px; border: 0; position: fixed; inset: 0 auto auto 0; background: white';
    document.body.append(this.#frame);
  }

  get #window(): TaskWindow {
    return this.#frame.contentWindow as TaskWindow;
  }

  /** @param address of the task's page */
  async open(address: string): Promise<void> {
    const loaded = new Promise((resolve) => this.#frame.addEventListener('load', resolve, { once: true }));
    this.#frame.src = address;
    await loaded;
    while (!this.#window.core?.cover_div) await pause(5);
  }

  /** Begins an episode. @returns what is to be done */
  start(seed: string): string {
    const { core, Math: chance } = this.#window;
    core.EPISODE_MAX_TIME = episodeTime;
    chance.seedrandom(seed);
    core.startEpisodeReal();
    const utterance = core.getUtterance();
    return typeof utterance === 'string' ? utterance : utterance.utterance;
  }

  get body(): Element {
    return this.#window.document.body;
  }

  get done(): boolean {
    return this.#window.WOB_DONE_GLOBAL;
  }

  /** What the page gives for the episode, without the discount for time; −1 to 1. */
  get reward(): number {
    return this.done ? this.#window.WOB_RAW_REWARD_GLOBAL : 0;
  }

  /** Ends an episode that is still open. */
  stop(): void {
    if (!this.done) this.#window.core.endEpisode(0);
  }

  close(): void {
    this.#frame.remove();
  }
}
