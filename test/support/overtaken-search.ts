// A search beside a writer that is always faster.
import { Collection } from '../../src/store/collection.ts';
import type { Database } from '../../src/store/disk/database.ts';
import { nextTask } from '../../src/util/async.ts';
import { createRandom } from '../../src/util/random.ts';
import { createDocument, createSpace, createVector, put } from '../contract/test-store.ts';
import { inProcessShards } from './in-process-shards.ts';
import { OvertakenDatabase } from './overtaken-database.ts';

const dimension = 8;
const passage = 'Twenty units a word. ';

/**
 * Searches while the best document is replaced before each transaction of the reader, so that it is never where it was seen.
 * @param open opens the database; both stores are to share it
 * @param name of the collection
 */
export async function searchOvertaken(open: () => Promise<Database>, name: string) {
  const random = createRandom(1);
  const settings = { name, memory: 1e9, now: () => 0 };
  const writer = new Collection(await open(), settings);
  await writer.bind(createSpace(dimension));
  const vector = createVector(random, dimension);
  let version = 0;
  const replace = async () => {
    const document = createDocument('best', { text: passage, spanLength: passage.length, random, hash: String(++version) });
    await put(writer, { ...document, vectors: vector });
  };
  // Enough for a scan, which another thread is to do: it must be waited for between two readings.
  await put(writer, createDocument('other', { text: passage.repeat(1500), random }));
  await replace();

  const database = new OvertakenDatabase(await open(), replace);
  const { start, started } = inProcessShards();
  const reader = new Collection(database, { ...settings, shards: { start, cores: 2, rows: 1, trial: 0 } });
  const search = () => reader.search({ vector, text: 'word', k: 5 });
  // Threads start between searches.
  while (!started[0]?.scans) await search().then(nextTask);
  database.overtake();
  const scans = started[0].scans;
  // Learns of a version that it has nothing of in memory.
  await reader.list();
  const hits = await search();
  const result = { commits: database.commits, best: hits[0]?.document, hits: hits.length, scans: started[0].scans - scans };
  await Promise.all([reader.close(), writer.close()]);
  return result;
}
