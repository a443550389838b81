// Front matter of Markdown files: the plain subset of YAML and TOML that is common there, `key: value` and `[a, b]`.
import type { Metadata, MetadataValue } from '../spec/metadata.ts';

const entryPattern = /^([\p{L}\p{N}_.-]+)\s*[:=]\s*(.*)$/u;
const itemPattern = /^\s*-\s+(.+)$/;

/** Keys with scalar values or arrays of them; anything else is left out. */
export function parseFrontMatter(source: string): Metadata {
  const entries = new Map<string, MetadataValue>();
  let listKey: string | undefined;
  let list: (string | number | boolean)[] = [];
  for (const line of source.split(/\r?\n/)) {
    const item = listKey === undefined ? null : itemPattern.exec(line);
    if (item) {
      const value = parseScalar(item[1]!);
      if (value !== null) list.push(value);
      entries.set(listKey!, list);
      continue;
    }
    listKey = undefined;
    const entry = entryPattern.exec(line);
    if (!entry) continue;
    const [, key, value] = entry as unknown as [string, string, string];
    if (value.trim() === '') {
      listKey = key;
      list = [];
    } else if (!/^[|>{&*!]/.test(value)) entries.set(key, parseValue(value.trim()));
  }
  return Object.fromEntries(entries);
}

function parseValue(value: string): MetadataValue {
  if (!value.startsWith('[') || !value.endsWith(']')) return parseScalar(value);
  const items = value.slice(1, -1).match(/\s*(?:"[^"]*"|'[^']*'|[^,]+)/g) ?? [];
  return items
    .filter((item) => item.trim())
    .map(parseScalar)
    .filter((item) => item !== null);
}

function parseScalar(text: string): string | number | boolean | null {
  const value = text.trim();
  const quoted = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(value);
  if (quoted) return quoted[2]!;
  const bare = value.replace(/\s+#.*$/, '');
  if (bare === 'true' || bare === 'false') return bare === 'true';
  if (bare === 'null' || bare === '~' || bare === '') return null;
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(bare) ? Number(bare) : bare;
}
