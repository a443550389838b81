// The page of the kill tests: passes calls on to the worker, and its reports to the driver.
import { proxy, wrap } from 'comlink';
import type { Plan } from '../plan.ts';
import type { Sighting, TabReport } from './tab.ts';
import type { Expectation, Verdict } from './verify.ts';
import type { Subject } from './worker.ts';
import type { Report } from './workload.ts';

declare global {
  /** Reaches the driver. */
  var report: (report: Report | TabReport) => Promise<void>;
  /** What the driver calls. */
  var subject: {
    runWorkload(plan: Plan): Promise<void>;
    verify(expectation: Expectation): Promise<Verdict>;
    deleteCollection(name: string): Promise<void>;
    openTab(name: string): Promise<void>;
    follow(): Promise<void>;
    endFollowing(): Promise<Sighting>;
    writeOn(): Promise<void>;
  };
}

const worker = wrap<Subject>(new Worker('/worker.js', { type: 'module' }));
const reporter = () => proxy((report: Report | TabReport) => globalThis.report(report));

globalThis.subject = {
  runWorkload: (plan) => worker.runWorkload(plan, reporter()),
  verify: (expectation) => worker.verify(expectation),
  deleteCollection: (name) => worker.deleteCollection(name),
  openTab: (name) => worker.openTab(name),
  follow: () => worker.follow(),
  endFollowing: () => worker.endFollowing(),
  writeOn: () => worker.writeOn(reporter()),
};
