// Tabs that share an engine: here they are objects of one page, with an engine that only counts. With models: test/e2e/tabs.test.ts.
import { afterEach, describe, expect, test } from 'vitest';
import { TabEngine, type TabPeers } from '../../src/runtime/tabs/tab-engine.ts';
import type { CallOptions, ProgressOptions } from '../../src/spec/call.ts';
import { InpageError } from '../../src/util/errors.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let names = 0;
let open: Tab[] = [];

afterEach(async () => {
  await Promise.all(open.map(({ engine }) => engine.close()));
  open = [];
});

interface Tab {
  name: string;
  engine: TabEngine;
  /** What the engine of this tab did. */
  log: string[];
  notices: unknown[];
  peers: TabPeers | undefined;
}

/** Opens a tab. Its engine counts to a number, a step each 20 ms. */
function openTab(name: string, { answer = undefined as unknown } = {}): Tab {
  const tab: Tab = { name, log: [], notices: [], peers: undefined, engine: undefined as never };
  const service = {
    async *count(to: number, { signal, onProgress }: ProgressOptions<number>) {
      tab.log.push(`count ${to}`);
      try {
        for (let i = 1; i <= to; i++) {
          await pause(20);
          signal?.throwIfAborted();
          onProgress?.(i);
          yield i;
        }
      } finally {
        tab.log.push(signal?.aborted ? 'aborted' : 'ended');
      }
    },
    double: async (value: number, _: CallOptions) => value * 2,
    fail: async (_: CallOptions) => {
      throw new InpageError('out-of-memory', 'Too large.', { detail: { bytes: 5 } });
    },
    decide: async (_: CallOptions) => tab.peers!.ask('really?'),
  };
  tab.engine = new TabEngine({
    name,
    create(peers) {
      tab.peers = peers;
      tab.log.push('created');
      const close = () => {
        tab.log.push('closed');
      };
      return { service, close };
    },
    onAsk: () => answer,
    onNotice: (notice) => tab.notices.push(notice),
  });
  open.push(tab);
  return tab;
}

/** Some tabs of one engine; the first leads. */
async function openTabs(count: number, options: { answer?: unknown }[] = []): Promise<Tab[]> {
  const name = `test ${names++}`;
  const tabs: Tab[] = [];
  for (let i = 0; i < count; i++) {
    tabs.push(openTab(name, options[i]));
    await tabs[i]!.engine.call('double', [i, {}]);
  }
  expect(tabs.map(({ engine }) => engine.leading)).toEqual(tabs.map((_, i) => i === 0));
  return tabs;
}

async function count({ engine }: Tab, to: number, options: ProgressOptions<number> = {}): Promise<number[]> {
  const seen: number[] = [];
  for await (const value of engine.stream<number>('count', [to, {}], options)) seen.push(value);
  return seen;
}

describe('calls', () => {
  test('go to the one engine, from any tab', async () => {
    const tabs = await openTabs(3);
    expect(await Promise.all(tabs.map(({ engine }, i) => engine.call('double', [i, {}])))).toEqual([0, 2, 4]);
    expect(await Promise.all(tabs.map((tab) => count(tab, 3)))).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(tabs.map(({ log }) => log.filter((entry) => entry === 'created').length)).toEqual([1, 0, 0]);
  });

  test('tabs that open at once find one leader', async () => {
    const name = `test ${names++}`;
    const tabs = Array.from({ length: 6 }, () => openTab(name));
    expect(await Promise.all(tabs.map(({ engine }, i) => engine.call('double', [i, {}])))).toEqual([0, 2, 4, 6, 8, 10]);
    expect(tabs.filter(({ engine }) => engine.leading)).toHaveLength(1);
  });

  test('another name is another engine', async () => {
    const [one, other] = [openTab(`test ${names++}`), openTab(`test ${names++}`)];
    await Promise.all([one, other].map(({ engine }) => engine.call('double', [1, {}])));
    expect([one.engine.leading, other.engine.leading]).toEqual([true, true]);
  });

  test('report progress to their own tab, and no other', async () => {
    const [, one, other] = await openTabs(3);
    const seen: number[] = [];
    await Promise.all([count(one!, 3, { onProgress: (value) => seen.push(value) }), count(other!, 3)]);
    expect(seen).toEqual([1, 2, 3]);
  });

  test('errors keep their code and their data', async () => {
    const [, follower] = await openTabs(2);
    await expect(follower!.engine.call('fail', [{}])).rejects.toMatchObject({
      code: 'out-of-memory',
      detail: { bytes: 5 },
    });
    await expect(follower!.engine.call('nothing', [{}])).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(follower!.engine.call('double', [() => {}, {}])).rejects.toMatchObject({ name: 'DataCloneError' });
  });

  test('abort at once, and stop the work in the leader', async () => {
    const [leader, follower] = await openTabs(2);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const started = performance.now();
    await expect(count(follower!, 1000, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - started).toBeLessThan(500);
    await expect.poll(() => leader!.log.at(-1)).toBe('aborted');
  });

  test('leaving a stream stops it', async () => {
    const [leader, follower] = await openTabs(2);
    for await (const value of follower!.engine.stream<number>('count', [1000, {}])) if (value === 2) break;
    await expect.poll(() => leader!.log.at(-1)).toBe('aborted');
  });
});

describe('questions and notices', () => {
  test('the tab that waits is asked; here the call of its own decides', async () => {
    const [leader, follower] = await openTabs(2, [{ answer: 'the leader' }, { answer: 'the follower' }]);
    expect(await follower!.engine.call('decide', [{}])).toBe('the follower');
    expect(await leader!.engine.call('decide', [{}])).toBe('the leader');
  });

  test('all tabs are told', async () => {
    const tabs = await openTabs(3);
    tabs[0]!.peers!.tell('news');
    await expect.poll(() => tabs.map(({ notices }) => notices)).toEqual([['news'], ['news'], ['news']]);
  });
});

describe('when the leader goes', () => {
  test('the next one takes its place at once; a call that had given nothing is made again', async () => {
    const [leader, second, third] = await openTabs(3);
    const waiting = [second!, third!].map((tab) => count(tab, 3));
    await pause(5);
    const started = performance.now();
    await leader!.engine.close();
    expect(await Promise.all(waiting)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(performance.now() - started).toBeLessThan(1000);
    expect([second!, third!].filter(({ engine }) => engine.leading)).toHaveLength(1);
  });

  test('a call that had begun to answer ends with an error of its own, and the next one works', async () => {
    const [leader, follower] = await openTabs(2);
    const seen: number[] = [];
    const running = (async () => {
      for await (const value of follower!.engine.stream<number>('count', [1000, {}])) {
        seen.push(value);
        if (value === 2) void leader!.engine.close();
      }
    })();
    await expect(running).rejects.toMatchObject({ code: 'worker-died' });
    expect(seen.slice(0, 2)).toEqual([1, 2]);
    expect(await count(follower!, 2)).toEqual([1, 2]);
  });

  test('one that is closed stays closed, and the others go on', async () => {
    const [leader, follower] = await openTabs(2);
    await follower!.engine.close();
    await expect(follower!.engine.call('double', [1, {}])).rejects.toMatchObject({ code: 'closed' });
    expect(await leader!.engine.call('double', [4, {}])).toBe(8);
  });

  test('a follower that closes ends only what it asked for', async () => {
    const [leader, follower, other] = await openTabs(3);
    const rest = count(other!, 5);
    const own = count(follower!, 1000);
    await pause(50);
    await follower!.engine.close();
    await expect(own).rejects.toMatchObject({ code: 'closed' });
    expect(await rest).toEqual([1, 2, 3, 4, 5]);
    await expect.poll(() => leader!.log.filter((entry) => entry === 'aborted')).toHaveLength(1);
  });

  test('one after the other, twenty times: no call is lost', async () => {
    const tabs = await openTabs(2);
    for (let i = 0; i < 20; i++) {
      tabs.push(openTab(tabs[0]!.name));
      await tabs.at(-1)!.engine.call('double', [i, {}]);
      const waiting = tabs.slice(1).map((tab) => count(tab, 2));
      await pause((i * 7) % 45);
      await tabs.shift()!.engine.close();
      for (const result of await Promise.allSettled(waiting)) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'worker-died' });
        else expect(result.value).toEqual([1, 2]);
      }
    }
    await expect.poll(() => tabs.filter(({ engine }) => engine.leading)).toHaveLength(1);
  });
});
