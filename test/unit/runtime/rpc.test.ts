// Calls over a real MessageChannel; the other side could as well be a worker.
import { afterEach, describe, expect, test } from 'vitest';
import { Connection, expose, type Service, transferring } from '../../../src/runtime/rpc.ts';
import { InpageError } from '../../../src/util/errors.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function connect(service: Service): Connection {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(service, port1 as unknown as MessagePort);
  return new Connection(port2 as unknown as MessagePort);
}

type Options = { signal: AbortSignal; onProgress: (progress: unknown) => void };
const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('call', () => {
  test('passes arguments, options and progress', async () => {
    const seen: unknown[] = [];
    const connection = connect({
      add: async (a: number, b: number, { onProgress, factor }: Options & { factor: number }) => {
        onProgress({ half: true });
        await later(5);
        return (a + b) * factor;
      },
    });
    expect(await connection.call('add', [1, 2, { factor: 10 }], { onProgress: (progress) => seen.push(progress) })).toBe(30);
    expect(seen).toEqual([{ half: true }]);
  });

  test('errors keep code, detail and cause', async () => {
    const connection = connect({
      fail: () => {
        throw new InpageError('quota-exceeded', 'full', { detail: { added: ['a'] }, cause: new RangeError('disk') });
      },
    });
    const error = await connection.call<never>('fail', [{}]).catch((reason: InpageError) => reason);
    expect(InpageError.is(error, 'quota-exceeded')).toBe(true);
    expect(error.detail).toEqual({ added: ['a'] });
    expect(error.cause).toMatchObject({ name: 'RangeError', message: 'disk' });
  });

  test('aborts at once on this side, and tells the other', async () => {
    let told = false;
    const connection = connect({
      wait: async ({ signal }: Options) => {
        signal.addEventListener('abort', () => {
          told = true;
        });
        await later(200);
      },
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const started = performance.now();
    await expect(connection.call('wait', [{}], { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - started).toBeLessThan(150);
    await later(50);
    expect(told).toBe(true);
  });

  test('an unknown method is refused', async () => {
    await expect(connect({}).call('nothing', [{}])).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('a failed connection rejects what runs and what comes', async () => {
    const connection = connect({ wait: () => later(10_000) });
    const running = connection.call('wait', [{}]);
    connection.fail(new InpageError('worker-died', 'gone'));
    await expect(running).rejects.toMatchObject({ code: 'worker-died' });
    await expect(connection.call('wait', [{}])).rejects.toMatchObject({ code: 'worker-died' });
  });

  test('moves what is marked', async () => {
    const connection = connect({
      make: () => {
        const data = new Float32Array([1, 2]);
        return transferring({ data }, [data.buffer]);
      },
    });
    expect(await connection.call('make', [{}])).toEqual({ data: new Float32Array([1, 2]) });
  });
});

describe('stream', () => {
  test('gives items in order, then ends', async () => {
    const connection = connect({
      count: async function* (to: number) {
        for (let i = 0; i < to; i++) yield i;
      },
    });
    const items: number[] = [];
    for await (const item of connection.stream<number>('count', [5, {}])) items.push(item);
    expect(items).toEqual([0, 1, 2, 3, 4]);
  });

  test('an error comes after the items', async () => {
    const connection = connect({
      count: async function* () {
        yield 1;
        throw new InpageError('generation-failed', 'broke');
      },
    });
    const items: unknown[] = [];
    await expect(async () => {
      for await (const item of connection.stream('count', [{}])) items.push(item);
    }).rejects.toMatchObject({ code: 'generation-failed' });
    expect(items).toEqual([1]);
  });

  test('leaving early and aborting stop the other side', async () => {
    let stopped = 0;
    const connection = connect({
      forever: async function* ({ signal }: Options) {
        signal.addEventListener('abort', () => stopped++);
        for (let i = 0; !signal.aborted; i++) {
          yield i;
          await later(2);
        }
      },
    });
    for await (const item of connection.stream<number>('forever', [{}])) if (item === 3) break;
    await later(30);
    expect(stopped).toBe(1);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    await expect(async () => {
      for await (const _ of connection.stream('forever', [{}], { signal: controller.signal }));
    }).rejects.toMatchObject({ name: 'AbortError' });
    await later(30);
    expect(stopped).toBe(2);
  });

  test('a failed connection ends it', async () => {
    const connection = connect({
      forever: async function* () {
        yield 1;
        await later(10_000);
      },
    });
    setTimeout(() => connection.fail(new InpageError('worker-died', 'gone')), 20);
    await expect(async () => {
      for await (const _ of connection.stream('forever', [{}]));
    }).rejects.toMatchObject({ code: 'worker-died' });
  });
});
