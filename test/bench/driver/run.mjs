// One system's way through the benchmark: built once, opened cold several times, then asked in rounds.
import { rendererBytes, settledBytes } from './footprint.mjs';
import { call, openPage } from './page.mjs';

/** Time for one round of a slow system, ms. */
const roundBudget = 3_000;
/** Queries of a round even so. */
const leastQueries = 3;

/** @typedef {import('../page/dataset.ts').DatasetSettings} DatasetSettings */
/** @typedef {import('../page/measure.ts').QuerySettings} QuerySettings */

export class Run {
  /** @type {number[][]} milliseconds by round */
  rounds = [];
  /** @type {Map<number, number[]>} answers by number of the query */
  answers = new Map();
  /** @type {number[]} */
  #coldOpenMs = [];
  /** @type {string[]} */
  #notes = [];
  /** @type {{ seconds?: number, diskBytes?: number, memoryBytes?: number | null, residentBytes?: number | null }} */
  #figures = {};
  /** Whether there is something to open. */
  #stored = false;
  /** @type {import('playwright-core').Page | undefined} the page that has built, where it can answer from memory */
  #builder;
  /** @type {import('playwright-core').Page | undefined} the page that answers */
  #page;

  /**
   * @param {import('./browser.mjs').Browser} browser
   * @param {string} system
   * @param {DatasetSettings} dataset
   * @param {QuerySettings} queries
   * @param {QuerySettings} warmUp
   * @param {number} k
   */
  constructor(browser, system, dataset, queries, warmUp, k) {
    this.browser = browser;
    this.system = system;
    this.dataset = dataset;
    this.queries = queries;
    this.warmUp = warmUp;
    this.k = k;
  }

  /** Builds, durably, and measures what that takes on disk. A failure becomes a note. */
  async build() {
    const before = await settledBytes(this.browser.profile);
    const page = await openPage(this.browser, this.system);
    try {
      const { seconds, note, inMemory } = await call(page, 'build', this.system, this.dataset);
      this.#notes.push(note);
      this.#figures.seconds = seconds;
      this.#stored = true;
      if (inMemory) this.#builder = page;
    } catch (error) {
      this.#notes.push(`could not be built: ${firstLine(error)}`);
    }
    if (this.#builder !== page) await page.close();
    this.#figures.diskBytes = (await settledBytes(this.browser.profile)) - before;
    console.error(`${this.system}: ${this.dataset.n} vectors in ${this.#figures.seconds?.toFixed(1) ?? '–'} s`);
  }

  /** Opens in a new page, answers, and closes it again. @param {{ last: boolean }} round memory is measured in the last one */
  async openCold({ last }) {
    if (!this.#stored) return;
    const { profile } = this.browser;
    const residentBefore = last ? rendererBytes(profile) : null;
    const page = await this.#open();
    if (page && last) {
      await this.#warm(page);
      const { memoryBytes } = await call(page, 'footprint');
      const resident = rendererBytes(profile);
      this.#figures.memoryBytes = memoryBytes;
      this.#figures.residentBytes = resident !== null && residentBefore !== null ? resident - residentBefore : null;
    }
    await page?.close();
  }

  /** Opens for the rounds of queries. */
  async prepare() {
    this.#page = this.#stored ? await this.#open() : this.#builder;
    if (!this.#page) return;
    await this.#warm(this.#page);
    await call(this.#page, 'loadQueries', this.queries);
  }

  /** One round: queries one at a time. @param {number} first @param {number} count */
  async ask(first, count) {
    if (!this.#page) return;
    await this.#page.bringToFront();
    const { ms, ids } = await call(this.#page, 'round', {
      first,
      count,
      k: this.k,
      budgetMs: roundBudget,
      least: leastQueries,
    });
    this.rounds.push(ms);
    for (const [i, found] of ids.entries()) this.answers.set(first + i, found);
  }

  async close() {
    await this.#page?.close();
    await this.#builder?.close();
  }

  /** @param {number[][]} exact */
  figures(exact) {
    const { seconds, diskBytes, memoryBytes = null, residentBytes = null } = this.#figures;
    const { n } = this.dataset;
    const cold = this.#coldOpenMs.sort((a, b) => a - b);
    const shares = [...this.answers].map(([query, found]) => {
      const right = new Set(exact[query]);
      return found.filter((id) => right.has(id)).length / this.k;
    });
    return {
      buildPerSecond: seconds ? Math.round(n / seconds) : null,
      bytesPerVector: seconds && diskBytes !== undefined && this.#stored ? Math.round(diskBytes / n) : null,
      coldOpenMs: cold.length ? /** @type {number} */ (cold[cold.length >> 1]) : null,
      recallAt10: shares.length ? shares.reduce((sum, share) => sum + share, 0) / shares.length : null,
      memoryBytes,
      residentBytes,
      note: [...this.#notes, `${this.answers.size} queries`].join('; '),
    };
  }

  async #open() {
    const page = await openPage(this.browser, this.system, { system: this.system, queries: this.queries, k: this.k });
    const { coldOpenMs, error } = await call(page, 'opened');
    if (!error) {
      this.#coldOpenMs.push(coldOpenMs);
      return page;
    }
    this.#notes.push(`stored, but not to be opened again: ${error}`);
    if (this.#builder) this.#notes.push('asked in the page that had built it');
    this.#stored = false;
    await page.close();
    return undefined;
  }

  /** @param {import('playwright-core').Page} page */
  async #warm(page) {
    const { k, warmUp } = this;
    await call(page, 'loadQueries', warmUp);
    await call(page, 'round', { first: 0, count: warmUp.count, k, budgetMs: roundBudget, least: leastQueries });
  }
}

/** @param {unknown} error */
const firstLine = (error) => /** @type {Error} */ (error).message.replace(/^page\.evaluate: (?:Error: )?/, '').split('\n')[0];
