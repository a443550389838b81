// Lane: one profile that goes through many lives. Each begins with a look at what the last one left, and ends with a kill.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createRandom } from '../../src/util/random.ts';
import { fixtureDocuments } from '../fixtures/format-1/documents.ts';
import { startBrowser } from './browser.ts';
import type { Expectation, Verdict } from './in-page/verify.ts';
import type { Report } from './in-page/workload.ts';
import { cutTornLogs } from './leveldb.ts';
import { applyUnit, type Content, type Kind, type Plan, Planner, type Unit } from './plan.ts';

const kinds: readonly Kind[] = ['ingest', 'delete', 'compact', 'upgrade', 'import'];
/** Every so often everything is removed, and what is left is looked at. */
const livesUntilEmptied = 20;
const patience = 60_000;

/** What is known of a collection at a kill. */
interface Aftermath {
  plan: Plan;
  content: Content;
  pending: readonly Unit[];
}

/** A browser with the page open. */
interface Life {
  page: Page;
  kill: () => Promise<void>;
  /** Called with each report of the page. */
  listener: { report: (report: Report) => void };
}

/** What the kills have met. */
export interface Tally {
  kind: Kind;
  /** Milliseconds of the whole life. */
  duration: number;
  acknowledged: number;
  /** Units in flight at the kill. */
  pending: number;
  /** Whether the collection was open yet. */
  opened: boolean;
  /** Whether the browser's own log ended in the middle of a record. */
  torn: boolean;
}

/** A profile with its collections. */
export class Lane {
  readonly #url: string;
  readonly #seed: number;
  readonly #random: () => number;
  readonly #planner: Planner;
  #profile = '';
  #lives = 0;
  /** Of the collection that all but the upgrades work on. */
  #content: Content = new Map();
  #aftermath: Aftermath | undefined;

  constructor(url: string, seed: number) {
    this.#url = url;
    this.#seed = seed;
    this.#random = createRandom(seed);
    this.#planner = new Planner(this.#random);
  }

  /**
   * One life: start, verify, work, kill.
   * @throws Error with seed and state, if anything was lost, half done or left over
   */
  async live(): Promise<Tally> {
    this.#profile ||= await mkdtemp(join(tmpdir(), 'inpage-kill-'));
    const started = performance.now();
    const life = await this.#open();
    try {
      await this.#verify(life.page);
      const kind = kinds[this.#lives++ % kinds.length]!;
      const collection = kind === 'upgrade' ? `upgrade ${this.#lives}` : 'main';
      const content: Content = kind === 'upgrade' ? fixtureContent() : this.#content;
      const plan = this.#planner.plan(kind, collection, content);
      const { acknowledged, opened } = await this.#work(life, plan);
      const pending = settle(plan, content, acknowledged);
      this.#aftermath = { plan, content, pending };
      const torn = (await cutTornLogs(this.#profile)) > 0;
      const duration = performance.now() - started;
      return { kind, duration, acknowledged: acknowledged.size, pending: pending.length, opened, torn };
    } catch (error) {
      throw this.#describe(error);
    } finally {
      await life.kill();
    }
  }

  /** Looks at what the last life left, and removes the profile. @throws like `live` */
  async end(): Promise<void> {
    const life = await this.#open();
    try {
      await this.#verify(life.page);
    } catch (error) {
      throw this.#describe(error);
    } finally {
      await life.kill();
    }
    // Its last processes may still write.
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #open(): Promise<Life> {
    const { context, kill } = await startBrowser(this.#profile);
    try {
      const listener: Life['listener'] = { report: () => {} };
      await context.exposeBinding('report', (_source, report: Report) => listener.report(report));
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(this.#url);
      await page.waitForFunction(() => 'subject' in globalThis);
      return { page, kill, listener };
    } catch (error) {
      await kill();
      throw error;
    }
  }

  async #work({ page, kill, listener }: Life, plan: Plan) {
    const acknowledged = new Set<string>();
    let opened = false;
    await inTime(
      new Promise<void>((resolve, reject) => {
        listener.report = (report) => {
          if (report.type === 'begun') setTimeout(() => kill().then(resolve, reject), this.#random() * plan.window);
          if (report.type === 'opened') opened = true;
          if (report.type === 'acknowledged') acknowledged.add(`${report.stream} ${report.operation} ${report.unit}`);
          if (report.type === 'failed') reject(new Error(`an operation has failed: ${report.message}`));
        };
        // It ends with the browser.
        page.evaluate((plan) => subject.runWorkload(plan), plan).catch(() => {});
      }),
      `a workload (${plan.kind}) does not begin`,
    );
    return { acknowledged, opened };
  }

  async #verify(page: Page): Promise<void> {
    if (!this.#aftermath) return;
    const { plan, content, pending } = this.#aftermath;
    const empty = this.#lives % livesUntilEmptied === 0;
    const expectation: Expectation = {
      collection: plan.collection,
      fixture: plan.fixture,
      documents: [...content.values()],
      pending,
      seed: this.#seed + this.#lives,
      empty,
    };
    const verdict: Verdict = await inTime(
      page.evaluate((expectation) => subject.verify(expectation), expectation),
      'the verification hangs',
    );
    if (verdict.faults.length > 0) throw new Error(verdict.faults.slice(0, 10).join('\n'));
    for (const [index, unit] of pending.entries()) if (verdict.happened[index]) applyUnit(content, unit);
    if (plan.fixture) await page.evaluate((name) => subject.deleteCollection(name), plan.collection);
    if (empty) content.clear();
    this.#aftermath = undefined;
  }

  #describe(error: unknown): Error {
    const { plan, content, pending } = this.#aftermath ?? {};
    const state = {
      kind: plan?.kind,
      collection: plan?.collection,
      ownStores: plan?.ownStores,
      pending,
      documents: content?.size,
    };
    return new Error(
      `Life ${this.#lives} of the lane with seed ${this.#seed}: ${(error as Error).message}\n` +
        `Before: ${JSON.stringify(state)}\nThe profile is kept: ${this.#profile}`,
      { cause: error },
    );
  }
}

/** Takes what was acknowledged over into `content`, and gives the units that were in flight: at most one operation a stream. */
function settle({ streams }: Plan, content: Content, acknowledged: ReadonlySet<string>): Unit[] {
  return streams.flatMap((operations, stream) => {
    for (const [operation, { type, units }] of operations.entries()) {
      const open: Unit[] = [];
      for (const [index, unit] of units.entries()) {
        if (acknowledged.has(`${stream} ${operation} ${index}`)) applyUnit(content, unit);
        else open.push(unit);
      }
      if (open.length > 0 || type === 'compact') return open;
    }
    return [];
  });
}

function fixtureContent(): Content {
  return new Map(fixtureDocuments().map(({ head: { id } }) => [id, { id, kind: 'fixture', version: 0 }]));
}

/** Settles like `work`; rejects where it takes far too long. */
async function inTime<T>(work: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
