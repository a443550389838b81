// Short names of sources, for messages and progress.
import type { CapturedSource, Source } from '../spec/document.ts';

const longest = 60;

/** A short name of a source: a file's name, a URL, a title, else the beginning of the text. Takes wrong values too. */
export function sourceName(source: Source | CapturedSource): string {
  const value: unknown = source;
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof URL) return value.href;
  if (value instanceof Blob) return fileName(value) ?? `a file of ${value.size} bytes`;
  if ('nodeType' in value) return pageName(value as unknown as Node);
  if ('kind' in value) return capturedName(value as CapturedSource);
  const fields = value as { title?: unknown; id?: unknown; name?: unknown; text?: unknown; source?: unknown };
  for (const name of [fields.title, fields.id, fields.name]) if (typeof name === 'string' && name.trim()) return name;
  if (typeof fields.text === 'string') return quoted(fields.text);
  if ('records' in value) return 'records';
  return fields.source === undefined ? 'an object' : sourceName(fields.source as Source);
}

/** {@link sourceName} of a captured source. */
export function capturedName(source: CapturedSource): string {
  if (source.kind === 'records') return source.source.name ?? 'records';
  if (source.title) return source.title;
  if (source.kind === 'blob') return source.name || `a file of ${source.blob.size} bytes`;
  if (source.kind === 'url') return source.url;
  return source.id ?? source.url ?? quoted(source.text);
}

/** Path of a file within its folder, else its name; undefined for a Blob without one. */
export function fileName(blob: Blob): string | undefined {
  const { webkitRelativePath, name } = blob as Blob & { webkitRelativePath?: string; name?: string };
  return webkitRelativePath || name || undefined;
}

function quoted(text: string): string {
  const line = text
    .trim()
    .slice(0, longest * 2)
    .replace(/\s+/g, ' ');
  return `"${line.length > longest ? `${line.slice(0, longest)}…` : line}"`;
}

function pageName(node: Node): string {
  if (node.nodeType === 9) return (node as Document).title || (node as Document).URL;
  const { localName, id } = node as Element;
  return `<${localName ?? node.nodeName}${id ? `#${id}` : ''}>`;
}
