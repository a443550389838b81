// Runs in a page: a chat model and an embedding model whose workers are broken at given moments, and what became of what was asked.
import type { Embedder, InpageError, Llm } from '../../../src/index.ts';

/** Ways in which a worker fails from inside; `kill` ends it from outside. */
export type Fault = 'close' | 'hang' | 'deaf' | 'throw' | 'reject' | 'lose device' | 'kill';

/** What a request led to. */
export interface Outcome {
  /** The answer as far as it came; of an embedding, its first numbers. */
  text: string;
  tokens: number;
  /** Code or name of the error. */
  error?: string;
}

/** Likewise, and what happened to the workers meanwhile. */
export interface Disturbed extends Outcome {
  events: string[];
  /** Workers that were started. */
  started: number;
}

/** How far, from 0 to 1, through which part of the work. */
export interface Moment {
  phase: 'start' | 'load' | 'first' | 'decode';
  moment: number;
}

/** When and how a worker is broken. */
export interface Disturbance extends Moment {
  fault: Fault;
}

/** What came of a request that was aborted, and of the next one, which was made at once. */
export interface Interrupted {
  aborted: Outcome;
  next: Outcome;
  /** What was told of the workers. */
  events: string[];
}

declare global {
  /** See `page.js`. */
  var faults: {
    started: Record<string, number>;
    alive: Record<string, boolean>;
    kill(kind: string): void;
    fail(kind: string, fault: Fault): void;
  };
  var llm: Llm;
  var embedder: Embedder;
  /** What was told of the workers. */
  var events: string[];
  /** Callbacks that every model here is given. */
  var callbacks: { onRecover(error: InpageError): void; onWorkerDeath(error: InpageError): void };
  /** How long things take undisturbed, in ms: loading, until the first token or vector, and from token to token. */
  var pace: { load: number; first: number; decode: number };
  function until(holds: () => unknown): Promise<void>;
  function ask(kind: 'llm' | 'embed', call?: { signal?: AbortSignal; onToken?: (tokens: number) => void }): Promise<Outcome>;
  /** Measures the pace; gives the undisturbed answer. */
  function measure(kind: 'llm' | 'embed'): Promise<string>;
  function disturb(kind: 'llm' | 'embed', disturbance: Disturbance): Promise<Disturbed>;
  function interrupt(kind: 'llm' | 'embed', moment: Moment): Promise<Interrupted>;
}

/** Defines the globals. */
export function tell(): void {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  globalThis.events = [];
  globalThis.callbacks = {
    onRecover: ({ code }) => events.push(`recovered ${code}`),
    onWorkerDeath: ({ code }) => events.push(`ended ${code}`),
  };
  globalThis.until = async (holds) => {
    for (const start = performance.now(); !holds(); await wait(5)) {
      if (performance.now() - start > 120_000) throw new Error(`Waited in vain: ${holds}`);
    }
  };
  globalThis.ask = async (kind, { signal, onToken } = {}) => {
    const outcome: Outcome = { text: '', tokens: 0 };
    try {
      if (kind === 'embed') {
        const { data } = await embedder.embed(['Hello'], { signal });
        outcome.text = data.subarray(0, 4).join(' ');
      } else {
        const messages = [{ role: 'user' as const, content: 'Count: one, two, three,' }];
        for await (const event of llm.generate(messages, { maxTokens: 6, signal })) {
          if (event.type !== 'token') continue;
          outcome.text += event.text;
          outcome.tokens++;
          onToken?.(outcome.tokens);
        }
      }
    } catch (error) {
      const { name, code } = error as InpageError;
      // An abort has a code too, a number.
      outcome.error = typeof code === 'string' ? code : name;
    }
    return outcome;
  };
  const model = (kind: 'llm' | 'embed') => (kind === 'llm' ? llm : embedder);
  /** The model is not loaded any more. */
  const unload = async (kind: 'llm' | 'embed') => {
    await model(kind).load();
    faults.kill(kind);
    await until(() => events.length > 0);
    events.length = 0;
  };
  globalThis.measure = async (kind) => {
    await unload(kind);
    const times = [performance.now()];
    await model(kind).load();
    times.push(performance.now());
    const { text } = await ask(kind, { onToken: () => times.push(performance.now()) });
    times.push(performance.now());
    const [start, loaded, first] = times as [number, number, number];
    globalThis.pace = { load: loaded - start, first: first - loaded, decode: (times.at(-1)! - first) / 6 };
    return text;
  };
  globalThis.interrupt = async (kind, { phase, moment }) => {
    if (phase === 'start' || phase === 'load') await unload(kind);
    else await model(kind).load();
    const controller = new AbortController();
    const { signal } = controller;
    const left = new Promise((resolve) => signal.addEventListener('abort', resolve));
    const at = 1 + Math.floor(moment * 4);
    const asked = ask(kind, { signal, onToken: (tokens) => phase === 'decode' && tokens === at && controller.abort() });
    if (phase === 'load') await wait(moment * pace.load);
    if (phase === 'first') await wait(moment * pace.first);
    if (phase !== 'decode') controller.abort();
    await left;
    const next = await ask(kind);
    return { aborted: await asked, next, events: events.splice(0) };
  };
  globalThis.disturb = async (kind, { fault, phase, moment }) => {
    if (phase === 'start' || phase === 'load') await unload(kind);
    else await model(kind).load();
    const before = faults.started[kind]!;
    const strike = () => (fault === 'kill' ? faults.kill(kind) : faults.fail(kind, fault));
    const at = 1 + Math.floor(moment * 4);
    const asked = ask(kind, { onToken: (tokens) => phase === 'decode' && tokens === at && strike() });
    if (phase === 'start' || phase === 'load') await until(() => faults.started[kind]! > before);
    if (phase === 'load') {
      await until(() => faults.alive[kind]);
      await wait(moment * pace.load);
    }
    // Mostly before the first token, for a machine has faster and slower moments.
    if (phase === 'first') await wait((moment * pace.first) / 2);
    if (phase !== 'decode') strike();
    let outcome = await asked;
    // A silence that began after the answer is noticed by the next request.
    const silence = fault === 'hang' || fault === 'deaf';
    for (; silence && events.length === 0; await wait(50)) outcome = await ask(kind);
    await until(() => events.length > 0);
    return { ...outcome, events: events.splice(0), started: faults.started[kind]! - before };
  };
}
