// Over real ports; the worker at the other end could as well be one.
import { afterEach, describe, expect, test } from 'vitest';
import { expose } from '../../../src/runtime/rpc.ts';
import { EmbedderLink } from '../../../src/service/embedder-link.ts';
import type { Embedder, Vectors } from '../../../src/spec/embedder.ts';
import { InpageError } from '../../../src/util/errors.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

const died = new InpageError('worker-died', 'gone');
const never = () => new Promise<Vectors>(() => {});

/** Gives the link an embedder whose `embed` does this. */
function connect(link: EmbedderLink, embed: () => Promise<Vectors>): void {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1 as unknown as MessagePort, port2 as unknown as MessagePort);
  expose({ embed }, port1 as unknown as MessagePort);
  link.set(port2 as unknown as MessagePort);
}

const vectors = (dimension: number): Vectors => ({ data: new Float32Array(dimension), rows: 1, dimension });
const embed = async (embedder: Embedder) => (await embedder.embed(['text'])).dimension;
const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('EmbedderLink', () => {
  test('asks the embedder at the other end', async () => {
    const link = new EmbedderLink();
    await expect(link.use(embed)).rejects.toMatchObject({ code: 'worker-died' });
    connect(link, async () => vectors(3));
    expect(await link.use(embed)).toBe(3);
  });

  test('asks the next one once more when the first is lost', async () => {
    const link = new EmbedderLink();
    connect(link, never);
    const answer = link.use(embed);
    await soon();
    expect(link.drop(died)).toBe(true);
    connect(link, async () => vectors(4));
    expect(await answer).toBe(4);
  });

  test('a failed session is as good as a lost embedder, though it can still say so', async () => {
    const link = new EmbedderLink();
    connect(link, () => Promise.reject(new InpageError('generation-failed', 'broken')));
    const answer = link.use(embed);
    await soon();
    expect(link.drop(died)).toBe(true);
    connect(link, async () => vectors(5));
    expect(await answer).toBe(5);
  });

  test('no third try', async () => {
    const link = new EmbedderLink();
    connect(link, never);
    const answer = link.use(embed).catch(({ code }) => code);
    await soon();
    link.drop(died);
    connect(link, () => Promise.reject(new InpageError('generation-failed', 'broken again')));
    expect(await answer).toBe('generation-failed');
  });

  test('work that does not ask at the moment waits for the next one when it does', async () => {
    const link = new EmbedderLink();
    connect(link, async () => vectors(3));
    const answer = link.use(async (embedder) => {
      await embed(embedder);
      expect(link.drop(died)).toBe(true);
      setTimeout(() => connect(link, async () => vectors(6)), 10);
      return embed(embedder);
    });
    expect(await answer).toBe(6);
  });

  test('what waits rejects when no next one comes, or when it aborts', async () => {
    const link = new EmbedderLink();
    connect(link, never);
    const controller = new AbortController();
    const waiting = link.use(embed).catch(({ code }) => code);
    const aborted = link.use((embedder) => embedder.embed(['text'], { signal: controller.signal })).catch(({ name }) => name);
    await soon();
    link.drop(died);
    await soon();
    controller.abort();
    expect(await aborted).toBe('AbortError');
    expect(link.drop(new InpageError('model-load-failed', 'no more'))).toBe(false);
    expect(await waiting).toBe('model-load-failed');
  });

  test('other errors are not for the next one', async () => {
    const link = new EmbedderLink();
    connect(link, () => Promise.reject(new InpageError('invalid-argument', 'no text')));
    await expect(link.use(embed)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(link.drop(died)).toBe(false);
  });
});
