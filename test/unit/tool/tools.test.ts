// Tools that need no page.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dateTools } from '../../../src/tool/date-tools.ts';
import { fetchTool } from '../../../src/tool/fetch-tool.ts';
import { searchTool } from '../../../src/tool/search-tool.ts';
import { openScene } from '../../support/strategy-scene.ts';

const context = { signal: new AbortController().signal, task: 'Do it.', tainted: false };

test('search gives passages of the collection, as many as asked for', async () => {
  const documents = ['The Harbor lamp weighs 300 grams.', 'Tulips are planted in autumn.'].map((text, i) => ({
    id: `d${i}`,
    text,
    title: `T${i}`,
  }));
  const { context: scene, store } = await openScene(documents);
  const { search } = searchTool(scene.retriever, { k: 1 });
  expect(search.readOnly).toBe(true);
  expect(search.trusted).toBeUndefined();
  const found = await search.execute({ query: 'Harbor lamp' }, context);
  expect(found).toEqual([{ document: 'd0', title: 'T0', text: documents[0]!.text }]);
  await store.close();
});

describe('fetch', () => {
  let server: Server;
  let base: string;
  const asked: { url?: string; cookie?: string }[] = [];
  beforeAll(async () => {
    server = createServer(({ url, headers }, response) => {
      asked.push({ url, cookie: headers.cookie });
      if (url?.startsWith('/v1/away')) return void response.writeHead(302, { location: '/secret' }).end();
      if (url === '/v1/long') return void response.writeHead(200, { 'content-type': 'text/plain' }).end('x'.repeat(5000));
      if (url === '/v1/image') return void response.writeHead(200, { 'content-type': 'image/png' }).end('x');
      response.writeHead(url === '/v1/none' ? 404 : 200, { 'content-type': 'application/json' }).end('{"ok":true}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const read = (url: string) =>
    fetchTool({ allow: [`${base}/v1/`], insecure: true, maxBytes: 4096 }).fetch.execute({ url }, context);

  test('reads what is allowed', async () => {
    expect(await read(`${base}/v1/data?q=1`)).toMatchObject({
      status: 200,
      text: '{"ok":true}',
      contentType: 'application/json',
    });
    expect(await read(`${base}/v1/none`)).toMatchObject({ status: 404 });
  });

  test('and nothing else, however it is written', async () => {
    asked.length = 0;
    const { port, host } = new URL(base);
    for (const url of [
      `${base}/secret`,
      `${base}/v1`.replace('/v1', '/v10'),
      `${base}/v1/../secret`,
      `${base}/v1/%2e%2e/secret`,
      `${base}/v1/..%2fsecret`,
      `${base}/v1/%2e%2e%5csecret`,
      `http://user:word@${host}/v1/x`,
      `http://127.0.0.1.example.org:${port}/v1/x`,
      `http://${host}@example.org/v1/x`,
      `https://${host}/v1/x`,
      'file:///v1/x',
      'data:text/plain,x',
      'javascript:1',
      '/v1/x',
    ]) {
      await expect((async () => read(url))(), url).rejects.toMatchObject({ code: 'invalid-argument' });
    }
    expect(asked).toEqual([]);
  });

  test('follows no redirect, and reads nothing long or other than text', async () => {
    asked.length = 0;
    await expect(read(`${base}/v1/away`)).rejects.toThrow();
    expect(asked.map(({ url }) => url)).toEqual(['/v1/away']);
    await expect(read(`${base}/v1/long`)).rejects.toThrow(/longer than 4096/);
    await expect(read(`${base}/v1/image`)).rejects.toThrow(/image\/png/);
  });

  test('allows only what is safe', () => {
    for (const prefix of ['http://example.org/', 'example.org', 'https://example.org/?q=', 'javascript:1']) {
      expect(() => fetchTool({ allow: [prefix] }), prefix).toThrow(/cannot be allowed/);
    }
  });
});

describe('dates', () => {
  const tools = dateTools({ now: () => new Date('2026-03-31T23:30:00Z'), timeZone: 'UTC' });
  const add = (input: object) => tools.add_to_date.execute(input as never, context);

  test('now, here and elsewhere', () => {
    expect(tools.current_time.execute({}, context)).toEqual({
      date: '2026-03-31',
      weekday: 'Tuesday',
      time: '23:30',
      timeZone: 'UTC',
    });
    expect(tools.current_time.execute({ timeZone: 'Asia/Tokyo' }, context)).toMatchObject({ date: '2026-04-01', time: '08:30' });
    expect(() => tools.current_time.execute({ timeZone: 'Moon' }, context)).toThrow(/no time zone "Moon"/);
  });

  test('sums and differences', () => {
    expect(add({ date: '2024-01-31', months: 1 })).toEqual({ date: '2024-02-29', weekday: 'Thursday' });
    expect(add({ date: '2026-12-24', weeks: 1, days: 1 })).toEqual({ date: '2027-01-01', weekday: 'Friday' });
    expect(add({ date: '2026-03-01', days: -1 })).toMatchObject({ date: '2026-02-28' });
    expect(tools.days_between.execute({ from: '2026-02-28', to: '2026-03-31' }, context)).toEqual({ days: 31 });
    expect(() => add({ date: '2026-02-30' })).toThrow(/no date 2026-02-30/);
  });
});
