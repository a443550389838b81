// LevelDB, in which Chromium keeps IndexedDB, has a fault that a kill brings out (google/leveldb#1287): a log whose last record was
// being written is reused, the next records are appended to the torn one, and the start after that finds the log damaged and deletes
// every database of the origin. No page can help that. So that it does not hide what these tests are about, a torn record, which
// nobody was told of, is cut off before the browser starts again, as LevelDB itself should do it.
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

// A log is a sequence of blocks; a record lies in one or has a part in each of several. Each part has a checksum (4 bytes), its
// length (2) and its kind (1) in front.
const blockBytes = 32_768;
const headerBytes = 7;
const kinds = { full: 1, first: 2, middle: 3, last: 4 };

/** Cuts the torn ends off all logs of a profile; gives the number of bytes. The browser must be gone. */
export async function cutTornLogs(profile: string): Promise<number> {
  const folder = join(profile, 'Default', 'IndexedDB');
  let cut = 0;
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    if (/(?:\.log|MANIFEST-\d+)$/.test(name)) cut += await cutTornLog(join(folder, name));
  }
  return cut;
}

async function cutTornLog(path: string): Promise<number> {
  const log = await readFile(path);
  const length = soundLength(log);
  if (length === log.length) return 0;
  const file = await open(path, 'r+');
  try {
    await file.truncate(length);
  } finally {
    await file.close();
  }
  return log.length - length;
}

/** Where the last complete record of a log ends. */
export function soundLength(log: Buffer): number {
  let end = 0;
  for (let at = 0; ; ) {
    const left = blockBytes - (at % blockBytes);
    // What is too short for a header at the end of a block is not used.
    if (left < headerBytes) {
      if (end === at) end = Math.min(at + left, log.length);
      at += left;
      continue;
    }
    if (at + headerBytes > log.length) return end;
    const kind = log[at + 6]!;
    at += headerBytes + log.readUInt16LE(at + 4);
    if (at > log.length || kind === 0) return end;
    if (kind === kinds.full || kind === kinds.last) end = at;
  }
}
