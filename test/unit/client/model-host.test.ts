// Recovery as a page's calls see it. The worker is a service at the other end of a real MessageChannel, which fails as it is told.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ModelHost, type ModelHostOptions } from '../../../src/client/model-host.ts';
import { expose, type Service } from '../../../src/runtime/rpc.ts';
import { InpageError } from '../../../src/util/errors.ts';

type Options = { signal: AbortSignal; onProgress: (progress: unknown) => void };
const never = () => new Promise<never>(() => {});
const soon = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));
const plan = { model: 'm', files: [], bytes: 0 };
const failure = (code: 'generation-failed' | 'model-load-failed' | 'device-lost', message = 'broken') =>
  Promise.reject(new InpageError(code, message));

const hosts: ModelHost<object>[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.close();
});

/** What one worker after the other does; the last one stands for all that follow. */
function open(behaviours: Partial<Record<string, (...args: never[]) => unknown>>[], options: Partial<ModelHostOptions> = {}) {
  const events: string[] = [];
  const fail: ((error: Error) => void)[] = [];
  let started = 0;
  const create = () => {
    const behaviour = behaviours[Math.min(started++, behaviours.length - 1)];
    const { port1, port2 } = new MessageChannel();
    const service = {
      $live: async () => {},
      $failure: () => new Promise((_, reject) => fail.push(reject)),
      configure: () => {},
      plan: async () => plan,
      load: async () => ({}),
      ...behaviour,
    };
    expose(service as unknown as Service, port1 as unknown as MessagePort);
    const terminate = () => {
      port1.close();
      port2.close();
    };
    return Object.assign(port2, { terminate }) as unknown as Worker;
  };
  const host = new ModelHost<object>('llm', {
    configuration: () => ({}),
    onWorkerDeath: ({ code }) => events.push(`ended ${code}`),
    onRecover: ({ code }) => events.push(`recovered ${code}`),
    createWorker: create,
    ...options,
  });
  hosts.push(host);
  return { host, events, fail, started: () => started };
}

const call = { phases: ['prefill', 'decode'] } as const;
const collect = async (items: AsyncIterable<unknown>) => {
  const seen: unknown[] = [];
  try {
    for await (const item of items) seen.push(item);
  } catch (error) {
    seen.push((error as InpageError).code ?? (error as Error).name);
  }
  return seen;
};

describe('a call whose worker fails', () => {
  test('is made again by a new worker, with one event', async () => {
    const { host, events, started } = open([{ ask: () => failure('generation-failed') }, { ask: async () => 'answer' }]);
    expect(await host.call('ask', [{}], call)).toBe('answer');
    expect(events).toEqual(['recovered generation-failed']);
    expect(started()).toBe(2);
    expect(await host.call('ask', [{}], call)).toBe('answer');
    expect(started()).toBe(2);
  });

  test('is not made a third time; the next call is another', async () => {
    const broken = { ask: () => failure('generation-failed') };
    const { host, events } = open([broken, broken, { ask: async () => 'answer' }]);
    await expect(host.call('ask', [{}], call)).rejects.toMatchObject({ code: 'generation-failed' });
    expect(events).toEqual(['recovered generation-failed', 'ended generation-failed']);
    expect(await host.call('ask', [{}], call)).toBe('answer');
  });

  test('is told by its text what failed', async () => {
    const lost = { ask: () => failure('generation-failed', 'WebGPU device lost (2): Device was destroyed.') };
    const { host, events } = open([lost, lost]);
    await expect(host.call('ask', [{}], call)).rejects.toMatchObject({ code: 'device-lost' });
    expect(events).toEqual(['recovered device-lost', 'ended device-lost']);
  });

  test('is not made again when it has given something', async () => {
    const cut = {
      ask: async function* () {
        yield 1;
        await failure('generation-failed');
      },
    };
    const { host, events } = open([cut]);
    expect(await collect(host.stream('ask', [{}], call))).toEqual([1, 'generation-failed']);
    expect(events).toEqual(['ended generation-failed']);
  });

  test('waits in line: it is made again too, though another failed', async () => {
    const first = { ask: () => soon().then(() => failure('generation-failed')), wait: never };
    const { host, events, started } = open([first, { ask: async () => 'answer', wait: async () => 'waited' }]);
    const both = Promise.all([host.call('ask', [{}], call), host.call('wait', [{}], call)]);
    expect(await both).toEqual(['answer', 'waited']);
    expect(events).toEqual(['recovered generation-failed']);
    expect(started()).toBe(2);
  });

  test('fails with errors of its own, which end nothing', async () => {
    const refuse = () => Promise.reject(new InpageError('context-overflow', 'too long'));
    const { host, events, started } = open([{ ask: refuse }]);
    await expect(host.call('ask', [{}], call)).rejects.toMatchObject({ code: 'context-overflow' });
    expect([events, started()]).toEqual([[], 1]);
  });

  test('an error that nobody caught ends the worker, in use or not', async () => {
    const { host, events, fail } = open([{ ask: never }, { ask: async () => 'answer' }]);
    const answer = host.call('ask', [{}], call);
    await soon();
    fail[0]!(new TypeError('not a function'));
    expect(await answer).toBe('answer');
    fail[1]!(new Error('A valid external Instance reference no longer exists.'));
    await soon();
    expect(events).toEqual(['recovered worker-died', 'ended device-lost']);
    expect(await host.call('ask', [{}], call)).toBe('answer');
  });
});

describe('loading', () => {
  test('is done again when the worker fails, once, and asks for consent once', async () => {
    const confirmDownload = vi.fn(() => true);
    const missing = { plan: async () => ({ ...plan, files: [{ path: 'f', url: 'u' }] }) };
    const lost = { ...missing, load: () => failure('device-lost') };
    const { host, events, started } = open([lost, missing], { confirmDownload });
    await host.load();
    expect([events, started()]).toEqual([['recovered device-lost'], 2]);
    expect(confirmDownload).toHaveBeenCalledTimes(1);
    const other = open([lost, lost, missing], { confirmDownload });
    await expect(other.host.load()).rejects.toMatchObject({ code: 'device-lost' });
    expect([other.events, other.started()]).toEqual([['ended device-lost'], 2]);
    await other.host.load();
  });

  test('is not done again for want of memory, or when the model is at fault; the worker goes all the same', async () => {
    const small = open([{ load: () => failure('model-load-failed', 'std::bad_alloc') }, {}]);
    await expect(small.host.load()).rejects.toMatchObject({ code: 'out-of-memory' });
    expect([small.events, small.started()]).toEqual([['ended out-of-memory'], 1]);
    const odd = open([{ load: () => failure('model-load-failed', 'unknown operator') }, {}]);
    await expect(odd.host.load()).rejects.toMatchObject({ code: 'model-load-failed' });
    expect([odd.events, odd.started()]).toEqual([[], 1]);
    await odd.host.load();
    expect(odd.started()).toBe(2);
  });

  test('that is declined is asked about again the next time', async () => {
    const answers = [false, true];
    const missing = { plan: async () => ({ ...plan, files: [{ path: 'f', url: 'u' }] }) };
    const { host } = open([missing], { confirmDownload: () => answers.shift()! });
    await expect(host.load()).rejects.toMatchObject({ code: 'download-declined' });
    await host.load();
  });

  test('that everybody leaves ends the worker; a call that comes at once has another', async () => {
    const { host, events, started } = open([{ load: never }, { ask: async () => 'answer' }]);
    const controller = new AbortController();
    const left = host.load({ signal: controller.signal }).catch(({ name }) => name);
    await soon();
    controller.abort();
    expect(await left).toBe('AbortError');
    expect(await host.call('ask', [{}], call)).toBe('answer');
    expect([events, started()]).toEqual([[], 2]);
  });
});

describe('the watchdog', () => {
  const watchdog = { start: 600, load: 600, prefill: 600, decode: 600, embed: 600 };

  test('ends a worker that does not begin, load, or answer; the call is made again', async () => {
    for (const silent of [{ $live: never }, { plan: never }, { load: never }, { ask: never }]) {
      const { host, events } = open([silent, { ask: async () => 'answer' }], { watchdog });
      expect(await host.call('ask', [{}], call)).toBe('answer');
      expect(events).toEqual(['recovered no-progress']);
    }
  });

  test('lets work go on that makes progress, and cuts it when that ends', async () => {
    const slow = {
      ask: async function* () {
        for (let i = 0; i < 4; i++) {
          await soon(300);
          yield i;
        }
        await never();
      },
    };
    const { host, events } = open([slow], { watchdog });
    expect(await collect(host.stream('ask', [{}], call))).toEqual([0, 1, 2, 3, 'no-progress']);
    expect(events).toEqual(['ended no-progress']);
  });

  test('knows that an aborted call may go on for a while, and that it may not go on forever', async () => {
    const stubborn = { ask: never, next: async () => 'answer' };
    const { host, events, started } = open([stubborn], { watchdog });
    const controller = new AbortController();
    const left = host.call('ask', [{}], { ...call, signal: controller.signal }).catch(({ name }) => name);
    await soon();
    controller.abort();
    expect(await left).toBe('AbortError');
    expect(await host.call('next', [{}], call)).toBe('answer');
    await soon(900);
    expect([events, started()]).toEqual([['ended no-progress'], 1]);
  });

  test('can be turned off', async () => {
    const { host, events } = open([{ ask: () => soon(900).then(() => 'late') }], { watchdog: false });
    expect(await host.call('ask', [{}], call)).toBe('late');
    expect(events).toEqual([]);
  });
});

describe('another worker at a port', () => {
  const port = () => new MessageChannel().port1 as unknown as MessagePort;
  const busy = {
    connect(_: unknown, { onProgress }: Options) {
      onProgress({ running: 1, done: false });
      return never();
    },
  };

  test('is told once when this one is gone', async () => {
    const { host, fail } = open([{ connect: never }]);
    await host.load();
    const lost = vi.fn();
    await host.connect(port(), lost);
    fail[0]!(new Error('gone'));
    await soon();
    host.close();
    expect(lost).toHaveBeenCalledTimes(1);
    expect(lost).toHaveBeenCalledWith(expect.objectContaining({ code: 'worker-died' }));
  });

  test('what it asks is recovered from, once in a row', async () => {
    const { host, events, fail } = open([busy]);
    for (let round = 0; round < 2; round++) {
      await host.load();
      await host.connect(port(), () => {});
      await soon();
      fail[round]!(new Error('gone'));
      await soon();
    }
    await host.load();
    expect(events).toEqual(['recovered worker-died', 'ended worker-died']);
  });

  test('its calls are watched, and their failures end the worker', async () => {
    const watchdog = { embed: 600 };
    const { host, events } = open([busy, { connect: () => failure('generation-failed') }], { watchdog });
    await host.load();
    await host.connect(port(), () => {});
    await soon(1000);
    await host.load();
    await host.connect(port(), () => {});
    await soon();
    expect(events).toEqual(['recovered no-progress', 'ended generation-failed']);
  });
});

test('close ends what runs and what comes', async () => {
  const { host, events } = open([{ ask: never }]);
  const running = host.call('ask', [{}], call);
  await soon();
  host.close();
  await expect(running).rejects.toMatchObject({ code: 'closed' });
  await expect(host.call('ask', [{}], call)).rejects.toMatchObject({ code: 'closed' });
  expect(events).toEqual([]);
});
