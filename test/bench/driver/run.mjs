// One system's way through a suite: built once, opened cold several times, then asked in rounds.
import { rendererBytes, settledBytes } from './footprint.mjs';
import { call, opened, openSystem, tool } from './page.mjs';

/** Time for one round of a slow system, ms. */
const roundBudget = 3_000;
/** Queries of a round even so. */
const leastQueries = 3;

/**
 * @typedef {object} Task
 * @property {'dense' | 'lexical'} suite
 * @property {string} system
 * @property {{ n: number, [setting: string]: unknown }} data settings of the suite's data
 * @property {unknown} queries settings of the suite's queries
 * @property {unknown} firstQuery the same, of one query
 * @property {unknown} warmUp the same, of queries that are not measured
 * @property {number} k
 */

/**
 * @typedef {object} Figures null: could not be measured, the note says why
 * @property {number | null} buildPerSecond rows a second, durable persistence included
 * @property {number | null} bytesPerRow growth of the profile's storage folders, after the page was closed
 * @property {number | null} coldOpenMs median, from the start of a navigation to the first answer
 * @property {number | null} pageStartMs median of the part of it that had passed when the page's script began
 * @property {number | null} p50Ms
 * @property {number | null} p95Ms
 * @property {number | null} memoryBytes `performance.measureUserAgentSpecificMemory()` after the warm-up
 * @property {number | null} residentBytes growth of the renderer processes' resident memory (PSS), at the same moment
 * @property {string[]} notes
 */

export class Run {
  /** @type {number[][]} milliseconds by round */
  rounds = [];
  /** @type {Map<number, number[]>} answers by number of the query */
  answers = new Map();
  /** @type {{ coldOpenMs: number, pageStartMs: number }[]} */
  #openings = [];
  /** @type {string[]} */
  #notes = [];
  /** @type {{ seconds?: number, diskBytes?: number, memoryBytes?: number | null, residentBytes?: number | null }} */
  #measured = {};
  /** Whether there is something to open. */
  #stored = false;
  /** @type {import('./page.mjs').Page | undefined} the page that has built, where it can answer from memory */
  #builder;
  /** @type {import('./page.mjs').Page | undefined} the page that answers */
  #page;

  /** @param {import('./browser.mjs').Browser} browser @param {Task} task */
  constructor(browser, task) {
    this.browser = browser;
    this.task = task;
  }

  /** Builds, durably, and measures what that takes on disk. A failure becomes a note. */
  async build() {
    const { system, suite, data } = this.task;
    const before = await settledBytes(this.browser.profile);
    const page = await openSystem(this.browser, suite, system);
    try {
      const { seconds, note, inMemory } = await call(page, 'build', data);
      this.#notes.push(note);
      this.#measured.seconds = seconds;
      this.#stored = true;
      if (inMemory) this.#builder = page;
    } catch (error) {
      this.#notes.push(`could not be built: ${firstLine(error)}`);
    }
    if (this.#builder !== page) await page.close();
    this.#measured.diskBytes = (await settledBytes(this.browser.profile)) - before;
    console.error(`${system}: ${data.n} rows in ${this.#measured.seconds?.toFixed(1) ?? '–'} s`);
  }

  /** Opens in a new page, answers, and closes it again. @param {{ last: boolean }} round memory is measured in the last one */
  async openCold({ last }) {
    if (!this.#stored) return;
    const { profile } = this.browser;
    const residentBefore = last ? rendererBytes(profile) : null;
    const page = await this.#open();
    if (page && last) {
      await this.#warm(page);
      this.#measured.memoryBytes = await call(page, 'memoryBytes');
      const resident = rendererBytes(profile);
      this.#measured.residentBytes = resident !== null && residentBefore !== null ? resident - residentBefore : null;
    }
    await page?.close();
  }

  /** Opens for the rounds of queries. */
  async prepare() {
    this.#page = this.#stored ? await this.#open() : this.#builder;
    if (!this.#page) return;
    await this.#warm(this.#page);
    await call(this.#page, 'loadQueries', this.task.queries);
  }

  /** One round: queries one at a time. @param {number} first @param {number} count */
  async ask(first, count) {
    if (!this.#page) return;
    await this.#page.bringToFront();
    const block = { first, count, k: this.task.k, budgetMs: roundBudget, least: leastQueries };
    const { ms, ids } = await call(this.#page, 'round', block);
    this.rounds.push(ms);
    for (const [i, found] of ids.entries()) this.answers.set(first + i, found);
  }

  async close() {
    await this.#page?.close();
    await this.#builder?.close();
  }

  /** @param {import('./page.mjs').Page} page has the statistics @returns {Promise<Figures>} */
  async figures(page) {
    const { seconds, diskBytes, memoryBytes = null, residentBytes = null } = this.#measured;
    const { n } = this.task.data;
    return {
      buildPerSecond: seconds ? Math.round(n / seconds) : null,
      bytesPerRow: seconds && diskBytes && this.#stored ? Math.round(diskBytes / n) : null,
      coldOpenMs: middle(this.#openings.map(({ coldOpenMs }) => coldOpenMs)),
      pageStartMs: middle(this.#openings.map(({ pageStartMs }) => pageStartMs)),
      ...(this.rounds.length > 0 ? await tool(page, 'percentiles', this.rounds) : { p50Ms: null, p95Ms: null }),
      memoryBytes,
      residentBytes,
      notes: [...this.#notes, `${this.answers.size} queries`],
    };
  }

  async #open() {
    const { system, suite, firstQuery, k } = this.task;
    const page = await openSystem(this.browser, suite, system, { queries: firstQuery, k });
    const { error, ...opening } = await opened(page);
    if (!error) {
      this.#openings.push(opening);
      return page;
    }
    this.#notes.push(`stored, but not to be opened again: ${error}`);
    if (this.#builder) this.#notes.push('asked in the page that had built it');
    this.#stored = false;
    await page.close();
    return undefined;
  }

  /** @param {import('./page.mjs').Page} page */
  async #warm(page) {
    await call(page, 'loadQueries', this.task.warmUp);
    await call(page, 'round', { first: 0, count: 50, k: this.task.k, budgetMs: roundBudget, least: leastQueries });
  }
}

/**
 * Takes systems through a suite: all are built, then opened in turns, then asked in turns.
 * @param {Run[]} runs
 * @param {{ queries: number, rounds: number, coldRounds: number }} options
 */
export async function measure(runs, { queries, rounds, coldRounds }) {
  for (const run of runs) await run.build();
  for (let round = 1; round <= coldRounds; round++) {
    for (const run of runs) await run.openCold({ last: round === coldRounds });
    console.error(`opened: round ${round} of ${coldRounds}`);
  }
  for (const run of runs) await run.prepare();
  const size = Math.floor(queries / rounds);
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) await run.ask(round * size, size);
    console.error(`asked: round ${round + 1} of ${rounds}`);
  }
  for (const run of runs) await run.close();
}

/** The middle value; the upper of two. @param {number[]} values */
const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1] ?? null;

/** @param {unknown} error */
const firstLine = (error) => /** @type {Error} */ (error).message.replace(/^page\.evaluate: (?:Error: )?/, '').split('\n')[0];
