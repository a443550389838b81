// The README's table of backends, made from what the contract suite of `Llm` saw each of them do.
//   npm run capabilities    takes over what the last test run found and rewrites the table; other rows stay as they were found
//   … -- --check            fails if anything differs (a step of `npm test`)
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {import('../contract/test-llm.ts').CapabilityRow} Row */

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const found = join(root, 'test/.output/capabilities');
const kept = join(root, 'test/contract/capabilities.json');
const readme = join(root, 'README.md');
const section = /(<!-- capabilities:.*? -->\n)[\s\S]*?(<!-- \/capabilities -->)/;

/** @returns {Row[]} what the last runs of the contract suite wrote */
function rowsFound() {
  try {
    const files = readdirSync(found).filter((name) => name.endsWith('.json'));
    return files.map((name) => JSON.parse(readFileSync(join(found, name), 'utf8')));
  } catch {
    return [];
  }
}

/** @param {Row[]} rows */
function table(rows) {
  const notes = [...new Set(rows.flatMap(({ note }) => note ?? []))];
  /** @param {boolean} can */
  const mark = (can) => (can ? 'yes' : '–');
  /** @param {readonly string[]} list */
  const names = (list) => list.map((name) => `\`${name}\``).join(' ') || '–';
  const lines = rows.map((row) => [
    `${row.backend}${row.note ? ` (${notes.indexOf(row.note) + 1})` : ''}`,
    row.device,
    mark(row.streams && row.aborts),
    names(row.output),
    names(row.sampling),
    mark(row.prefixCache),
    mark(row.promptLookup),
    mark(row.countTokens),
  ]);
  const head = ['backend', 'device', 'streams, aborts', '`output`', 'sampling', 'reuses the prompt', 'drafts', 'counts tokens'];
  return [
    ...[head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    ...(notes.length > 0 ? ['', notes.map((note, i) => `(${i + 1}) ${note}`).join(' · ')] : []),
    '',
  ].join('\n');
}

const before = /** @type {Row[]} */ (JSON.parse(readFileSync(kept, 'utf8')));
const now = rowsFound();
const rows = [...before.filter(({ backend }) => now.every((row) => row.backend !== backend)), ...now].sort((a, b) =>
  a.backend < b.backend ? -1 : 1,
);
const text = readFileSync(readme, 'utf8');
const written = text.replace(section, (_, open, close) => `${open}${table(rows)}${close}`);

if (process.argv.includes('--check')) {
  const changed = now.filter((row) => !before.some((other) => JSON.stringify(other) === JSON.stringify(row)));
  for (const { backend } of changed)
    console.error(`What "${backend}" was seen to do is not what test/contract/capabilities.json says.`);
  if (written !== text) console.error('The table of backends in README.md is not what was found.');
  if (changed.length > 0 || written !== text) {
    console.error('Run: npm run capabilities');
    process.exitCode = 1;
  } else console.log(`${now.length} of ${rows.length} backends were seen in this checkout, and do what the README says.`);
} else {
  // Lists on one line, as the formatter has them.
  const json = JSON.stringify(rows, null, 2).replace(/\[\s+("[^\]]+")\s+\]/g, (_, list) => `[${list.replace(/\s+/g, ' ')}]`);
  writeFileSync(kept, `${json}\n`);
  writeFileSync(readme, written);
  console.log(table(rows));
}
