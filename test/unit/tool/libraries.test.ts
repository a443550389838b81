// Tools over libraries: calculator, queries, MCP with a real server.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { calculatorTool } from '../../../src/tool/calculator-tool.ts';
import { connectMcp, type McpConnection } from '../../../src/tool/mcp.ts';
import { queryTool } from '../../../src/tool/query-tool.ts';
import { calling, outcomesOf } from '../../support/agent-scene.ts';

const context = { signal: new AbortController().signal, task: 'Do it.', tainted: false };

describe('calculate', () => {
  const calculate = (expression: string) => calculatorTool().calculate.execute({ expression }, context);

  test.each([
    ['12 * (3 + 4)', '84'],
    ['0.1 + 0.2', '0.3'],
    ['15 % of 80', '12'],
    ['2^10 − 24', '1000'],
    ['5 miles to km', '8.04672 km'],
    ['100 degF to degC', '37.777777777778 degC'],
    ['round(sqrt(2), 3)', '1.414'],
    ['max(3, 7, 5)', '7'],
    ['7 > 3 ? 1 : 2', '1'],
  ])('%s is %s', async (expression, result) => expect(await calculate(expression)).toBe(result));

  test.each([
    ...['import({a: 1})', 'createUnit("x")', 'evaluate("1")', 'parse("1")', 'f(x) = x', 'a = 3', '[1, 2]', 'zeros(1e9)'],
    ...['cos.constructor("return 1")()', '"a".constructor', '1:1e9', '{a: 1}.a', 'unknown_thing + 1', '1 +', 'range(1, 1e9)'],
  ])('%s is refused', async (expression) => {
    await expect(calculate(expression)).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('query', () => {
  const table = [
    { name: 'lamp', price: 30, kind: 'light' },
    { name: 'lantern', price: 55, kind: 'light' },
    { name: 'rope', price: 4, kind: 'other' },
  ];
  const { query } = queryTool(table, { description: 'Products.', maxMs: 300 });
  const ask = (expression: string) => query.execute({ expression }, context);

  test('filters, sorts, groups and adds up', async () => {
    expect(query.description).toContain('Columns: name, price, kind.');
    expect(await ask('$[price < 40].name')).toEqual(['lamp', 'rope']);
    expect(await ask('$sum($.price)')).toBe(89);
    expect(await ask('$sum($[kind = "light"].price)')).toBe(85);
    expect(await ask('$^(>price)[0].name')).toBe('lantern');
    expect(await ask('$[price > 100]')).toBeNull();
  });

  test('a query cannot change the data, run away, or say nothing', async () => {
    await ask('$ ~> |$|{"price": 0}|');
    expect(table[0]!.price).toBe(30);
    await expect(ask('($f := function($n) { $f($n + 1) }; $f(0))')).rejects.toThrow(/took longer|too deep/);
    await expect(ask('($f := function($n) { 1 + $f($n + 1) }; $f(0))')).rejects.toThrow(/took longer|too deep/);
    await expect(ask('$[')).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('MCP', () => {
  let server: Server;
  let url: string;
  let connection: McpConnection;
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const headers: (string | undefined)[] = [];

  /** A server as the SDK makes it. */
  function makeServer(): McpServer {
    const mcp = new McpServer({ name: 'shop', version: '1' });
    mcp.registerTool(
      'stock',
      { description: 'How many there are.', inputSchema: { name: z.string() }, outputSchema: { count: z.number() } },
      async ({ name }) => {
        const structuredContent = { count: name.length };
        return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
      },
    );
    mcp.registerTool('order', { description: 'Orders.', inputSchema: {}, annotations: { readOnlyHint: true } }, async () => ({
      content: [{ type: 'text', text: 'ordered' }],
    }));
    mcp.registerTool('fail', { description: 'Fails.', inputSchema: {} }, async () => ({
      content: [{ type: 'text', text: 'out of stock' }],
      isError: true,
    }));
    mcp.registerTool('picture', { description: 'A picture.', inputSchema: {} }, async () => ({
      content: [
        { type: 'image', mimeType: 'image/png', data: 'AAAA' },
        { type: 'text', text: 'a lamp' },
      ],
    }));
    mcp.registerTool('slow', { description: 'Slow.', inputSchema: {} }, () => new Promise(() => {}));
    mcp.registerResource('guide', 'shop://guide', { description: 'The guide.', mimeType: 'text/plain' }, async (uri) => ({
      contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'Hold the button.' }],
    }));
    mcp.registerPrompt('greet', { description: 'Greets.', argsSchema: { name: z.string() } }, ({ name }) => ({
      messages: [{ role: 'user', content: { type: 'text', text: `Hello ${name}` } }],
    }));
    return mcp;
  }

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      headers.push(request.headers.authorization);
      const known = sessions.get(String(request.headers['mcp-session-id']));
      if (known) return known.handleRequest(request, response);
      const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void sessions.set(id, transport),
      });
      await makeServer().connect(transport);
      return transport.handleRequest(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    connection = await connectMcp(url, {
      prefix: 'shop.',
      readOnly: ['stock', 'slow'],
      headers: { authorization: 'Bearer key' },
    });
  });
  afterAll(async () => {
    await connection?.close();
    for (const transport of sessions.values()) await transport.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('its tools are called by the rules: what the server says of them is not believed', async () => {
    const { tools } = connection;
    expect(Object.keys(tools)).toEqual(['shop.stock', 'shop.order', 'shop.fail', 'shop.picture', 'shop.slow']);
    expect(headers.every((value) => value === 'Bearer key')).toBe(true);
    const pattern = calling(
      { tool: 'shop.stock', input: { name: 'lamp' } },
      { tool: 'shop.stock', input: { name: 4 } },
      { tool: 'shop.order', input: {} },
    );
    expect(await outcomesOf({ tools, pattern })).toMatchObject([
      { status: 'done', output: { count: 4 } },
      { status: 'failed', error: expect.stringContaining('/name') },
      { status: 'refused' },
    ]);
    const rest = calling(
      { tool: 'shop.order', input: {} },
      { tool: 'shop.fail', input: {} },
      { tool: 'shop.picture', input: {} },
    );
    expect(await outcomesOf({ tools, pattern: rest, approve: () => true })).toEqual([
      { status: 'done', output: 'ordered' },
      { status: 'failed', error: 'out of stock' },
      {
        status: 'done',
        output: [
          { type: 'image', mediaType: 'image/png', data: 'AAAA' },
          { type: 'text', text: 'a lamp' },
        ],
      },
    ]);
  });

  test('a call ends with its run', async () => {
    const tools = { slow: { ...connection.tools['shop.slow']!, timeoutMs: 50 } };
    const [outcome] = await outcomesOf({ tools, pattern: calling({ tool: 'slow', input: {} }) });
    expect(outcome).toMatchObject({ status: 'failed', error: expect.stringContaining('50 ms') });
  });

  test('its resources and prompts', async () => {
    expect(await connection.resources()).toEqual([
      { uri: 'shop://guide', name: 'guide', description: 'The guide.', mediaType: 'text/plain' },
    ]);
    expect(await connection.read('shop://guide')).toEqual([{ type: 'text', text: 'Hold the button.' }]);
    expect(await connection.prompts()).toMatchObject([{ name: 'greet', arguments: [{ name: 'name', required: true }] }]);
    expect(await connection.prompt('greet', { name: 'Ingrid' })).toEqual([{ role: 'user', content: 'Hello Ingrid' }]);
    await expect(connection.read('shop://nothing')).rejects.toMatchObject({ code: 'remote-failed' });
  });

  test('a server that is not there is told', async () => {
    await expect(connectMcp('http://127.0.0.1:9/mcp')).rejects.toMatchObject({ code: 'remote-failed' });
  });
});
