// An assistant whose collection is on a server: from a page, through its workers, with the real models.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPage, type TestPage } from '../e2e/page.ts';
import { prepareServers, type Server, startChroma } from '../support/servers/start.ts';

const own = process.env.INPAGE_CHROMA_URL;
const reason = own ? undefined : await prepareServers();

describe.skipIf(reason)(reason ? `assistant on chroma (skipped: ${reason})` : 'assistant on chroma', () => {
  let server: Server | undefined;
  let site: TestPage;
  beforeAll(async () => {
    if (!own) server = await startChroma();
    site = await openPage();
  });
  afterAll(async () => {
    await site?.close();
    await server?.close();
  });

  test('documents are added, found, answered from, and there after a reload', async () => {
    const url = own ?? server!.url;
    const name = `assistant-${Date.now()}`;
    const work = (settings: { url: string; name: string }) =>
      site.page.evaluate(async ({ url, name }) => {
        const assistant = await inpage.createAssistant({ name, server: { kind: 'chroma', url }, preload: false, device: 'wasm' });
        try {
          const before = (await assistant.documents()).map(({ id }) => id);
          if (before.length === 0) {
            await assistant.add([
              { id: 'depot', text: 'The depot on Harbour Street opens at nine in the morning.' },
              { id: 'fruit', text: 'Bananas are yellow and grow in bunches.' },
            ]);
          }
          const hits = await assistant.search('When does the depot open?', { k: 1 });
          const refused = await assistant.search('depot', { mode: 'lexical' }).catch((error: { code: string }) => error.code);
          let answer = '';
          for await (const event of assistant.ask('When does the depot open?', { generation: { maxTokens: 16 } }))
            if (event.type === 'done') answer = event.answer;
          return { before, best: hits[0]?.document, text: await assistant.text('fruit', { start: 0, end: 7 }), answer, refused };
        } finally {
          await assistant.close();
        }
      }, settings);
    const first = await work({ url, name });
    expect(first).toMatchObject({ before: [], best: 'depot', text: 'Bananas', refused: 'invalid-argument' });
    expect(first.answer).not.toBe('');
    await site.page.reload();
    expect(await work({ url, name })).toMatchObject({ before: ['depot', 'fruit'], best: 'depot' });
  }, 300_000);
});
