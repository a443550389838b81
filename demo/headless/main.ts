// What the terminal commands call in the page, as `window.inpageHeadless`.
import { ask } from './ask.ts';
import { benchAsk } from './bench-ask.ts';
import { benchEmbed } from './bench-embed.ts';
import { benchLlm } from './bench-llm.ts';
import { buildCollection } from './eval-collection.ts';
import { makeOwn } from './eval-own.ts';
import { expandNames } from './eval-subject.ts';
import { evalSuite } from './eval-suites.ts';
import { evalTools, fitTools } from './eval-tools.ts';
import { evalInjection } from './injection/suite.ts';
import { playMiniwob } from './miniwob/suite.ts';

declare global {
  interface Window {
    inpageHeadless: typeof headless;
    /** Supplied by the terminal: shows an event as it comes. */
    inpageEmit?: (event: unknown) => void;
  }
}

const headless = {
  ask,
  bench: { embed: benchEmbed, llm: benchLlm, ask: benchAsk },
  eval: {
    buildCollection,
    makeOwn,
    suite: evalSuite,
    tools: evalTools,
    fitTools,
    injection: evalInjection,
    miniwob: playMiniwob,
    names: expandNames,
  },
};

window.inpageHeadless = headless;
