// Stepping down, over stand-ins that fail when they are told to.
import { describe, expect, test } from 'vitest';
import { Ladder } from '../../../src/client/ladder.ts';
import { ladderLlm } from '../../../src/client/ladder-llm.ts';
import { preferredLlm } from '../../../src/client/preferred-llm.ts';
import type { StepDown } from '../../../src/spec/device.ts';
import type { GenerateEvent, Llm, LlmInfo } from '../../../src/spec/llm.ts';
import { mockLlm } from '../../../src/testing/mock-llm.ts';
import { type ErrorCode, InpageError } from '../../../src/util/errors.ts';

const failure = (code: ErrorCode) => new InpageError(code, `It failed with ${code}.`);

interface Faulty extends Llm {
  /** Thrown by the next loads and generations, the latter after so many tokens. */
  loads: unknown[];
  generations: { error: unknown; after: number }[];
  closed: number;
}

function faulty(name: string, faults: Partial<Pick<Faulty, 'loads' | 'generations'>> = {}): Faulty {
  const llm = mockLlm({ reply: `${name} says four words` });
  const self: Faulty = {
    ...llm,
    name,
    loads: [],
    generations: [],
    closed: 0,
    ...faults,
    async load(options) {
      if (self.loads.length > 0) throw self.loads.shift();
      return { ...(await llm.load(options)), model: name };
    },
    async *generate(messages, options) {
      const fault = self.generations.shift();
      let tokens = 0;
      for await (const event of llm.generate(messages, options)) {
        if (tokens++ === fault?.after) throw fault.error;
        yield event;
      }
    },
    close: async () => {
      self.closed++;
    },
  };
  return self;
}

/** A ladder on which every failure leads to the next rung. */
function ladderOf(...llms: Faulty[]) {
  const events: StepDown[] = [];
  const ladder = new Ladder<Llm, LlmInfo>({
    model: 'test',
    plan: async () => ({
      rungs: llms.map((model) => ({ name: model.name!, model })),
      after: (failed, { code }) => (code === 'invalid-argument' || failed + 1 === llms.length ? -1 : failed + 1),
      load: ({ model }, options) => model.load(options),
    }),
    onStepDown: (event) => events.push(event),
  });
  return { llm: ladderLlm('test', ladder), events, steps: () => events.map(({ from, to, code }) => `${from} ${code} ${to}`) };
}

async function say(llm: Llm, signal?: AbortSignal): Promise<string> {
  const events: GenerateEvent[] = [];
  for await (const event of llm.generate([{ role: 'user', content: 'Hello' }], { signal })) events.push(event);
  const done = events.at(-1);
  return done?.type === 'done' ? done.text : 'no end';
}

describe('loading', () => {
  test('the first that loads is used; one event a step', async () => {
    const { llm, events, steps } = ladderOf(
      faulty('a', { loads: [failure('out-of-memory')] }),
      faulty('b', { loads: [new Error('odd')] }),
      faulty('c'),
    );
    expect((await llm.load()).model).toBe('c');
    expect(steps()).toEqual(['a out-of-memory b', 'b model-load-failed c']);
    expect(events[0]).toMatchObject({ model: 'test', message: expect.stringContaining('It failed with out-of-memory.') });
    expect((await llm.load()).model).toBe('c');
    expect(await say(llm)).toBe('c says four words');
  });

  test('several callers at once step down once', async () => {
    const error = failure('model-load-failed');
    const { llm, steps } = ladderOf(faulty('a', { loads: [error, error, error] }), faulty('b'));
    const infos = await Promise.all([llm.load(), llm.load(), say(llm)]);
    expect(infos.map((info) => (typeof info === 'string' ? info : info.model))).toEqual(['b', 'b', 'b says four words']);
    expect(steps()).toEqual(['a model-load-failed b']);
  });

  test('where all fail the error of the last comes, and the next call begins anew', async () => {
    const { llm } = ladderOf(
      faulty('a', { loads: [failure('worker-failed')] }),
      faulty('b', { loads: [failure('no-progress')] }),
    );
    await expect(llm.load()).rejects.toMatchObject({ code: 'no-progress' });
    expect((await llm.load()).model).toBe('a');
  });

  test('what is of the caller, and aborts, step nowhere', async () => {
    const { llm, events } = ladderOf(
      faulty('a', { loads: [failure('invalid-argument'), new DOMException('', 'AbortError')] }),
      faulty('b'),
    );
    await expect(llm.load()).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(llm.load()).rejects.toMatchObject({ name: 'AbortError' });
    await expect(llm.load({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    const reason = new Error('Changed my mind.');
    await expect(say(llm, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect((await llm.load()).model).toBe('a');
    expect(events).toEqual([]);
  });
});

describe('generating', () => {
  test('out of memory before the first token: the call goes on further down, and what failed is closed', async () => {
    const first = faulty('a', { generations: [{ error: failure('out-of-memory'), after: 0 }] });
    const { llm, steps } = ladderOf(first, faulty('b'));
    expect(await say(llm)).toBe('b says four words');
    expect(first.closed).toBe(1);
    expect(steps()).toEqual(['a out-of-memory b']);
  });

  test('in the middle of an answer: the caller gets the error, the next call the next rung', async () => {
    const { llm } = ladderOf(faulty('a', { generations: [{ error: failure('out-of-memory'), after: 2 }] }), faulty('b'));
    await expect(say(llm)).rejects.toMatchObject({ code: 'out-of-memory' });
    expect(await say(llm)).toBe('b says four words');
  });

  test('a device lost in the middle of an answer may be chance once; twice in a row it is not', async () => {
    const lost = { error: failure('device-lost'), after: 1 };
    const first = faulty('a', { generations: [lost] });
    const { llm, events } = ladderOf(first, faulty('b'));
    await expect(say(llm)).rejects.toMatchObject({ code: 'device-lost' });
    expect(await say(llm)).toBe('a says four words');
    first.generations = [lost, lost];
    await expect(say(llm)).rejects.toMatchObject({ code: 'device-lost' });
    expect(events).toHaveLength(0);
    await expect(say(llm)).rejects.toMatchObject({ code: 'device-lost' });
    expect(await say(llm)).toBe('b says four words');
    expect(events).toHaveLength(1);
  });

  test('errors of the call itself stay where they are', async () => {
    const { llm, events } = ladderOf(
      faulty('a', { generations: [{ error: failure('invalid-argument'), after: 0 }] }),
      faulty('b'),
    );
    await expect(say(llm)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(await say(llm)).toBe('a says four words');
    expect(events).toEqual([]);
  });

  test('after close everything is closed', async () => {
    const { llm } = ladderOf(faulty('a'));
    await llm.load();
    await llm.close();
    await expect(say(llm)).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('models in order of preference', () => {
  const prefer = (...llms: Llm[]) => {
    const events: StepDown[] = [];
    return { llm: preferredLlm(llms, (event) => events.push(event)), events };
  };

  test('one is itself; none is a mistake', () => {
    const only = faulty('a');
    expect(prefer(only).llm).toBe(only);
    expect(() => prefer()).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  test.each(['model-not-found', 'model-download-failed', 'quota-exceeded', 'remote-failed', 'device-unavailable'] as const)(
    '%s in loading leads to the next',
    async (code) => {
      const { llm, events } = prefer(faulty('a', { loads: [failure(code)] }), faulty('b'));
      expect((await llm.load()).model).toBe('b');
      expect(events).toMatchObject([{ model: 'a, b', from: 'a', to: 'b', code }]);
    },
  );

  test.each(['download-declined', 'missing-dependency', 'invalid-argument', 'closed'] as const)('%s does not', async (code) => {
    const { llm, events } = prefer(faulty('a', { loads: [failure(code)] }), faulty('b'));
    await expect(llm.load()).rejects.toMatchObject({ code });
    expect(events).toEqual([]);
  });

  test.each(['context-overflow', 'output-invalid', 'output-unsupported'] as const)('%s in use does not', async (code) => {
    const { llm, events } = prefer(faulty('a', { generations: [{ error: failure(code), after: 0 }] }), faulty('b'));
    await expect(say(llm)).rejects.toMatchObject({ code });
    expect(events).toEqual([]);
  });

  test('closing closes them all', async () => {
    const models = [faulty('a'), faulty('b')];
    await prefer(...models).llm.close();
    expect(models.map(({ closed }) => closed)).toEqual([1, 1]);
  });
});
