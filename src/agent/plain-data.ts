// What a tool gives, as plain data that can be stored and that a model can read.
import type { ContentPart } from '../spec/tool.ts';

/** Characters of an output that are kept. */
export const outputLimit = 16_000;

/** Characters of an image or sound in Base64 that are kept; a longer one is only named. */
const mediaLimit = 8_000_000;

/**
 * @returns the output as JSON has it, or the beginning of its text where it is longer than {@link outputLimit}, with the number of
 *   characters that are missing; images and sounds stay whole
 * @throws TypeError for what is not plain data (a cycle, a BigInt)
 */
export function plainOutputOf(output: unknown): { output: unknown; truncated?: number } {
  if (typeof output === 'string') return cut(output);
  if (isContent(output)) return cutParts(output);
  const text = JSON.stringify(output) ?? 'null';
  return text.length > outputLimit ? cut(text) : { output: JSON.parse(text) };
}

/** A text that may be too long, cut, with a word of it at its end. */
export function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length - limit} more characters)`;
}

/** Value as text for a prompt: strings as they are, images and sounds by their kind, others as JSON. */
export function textOf(value: unknown): string {
  if (isContent(value)) return value.map(told).join('\n');
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
}

/** A text that is the same for equal plain values, whatever the order of their properties. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, each) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/** Whether an output is {@link ContentPart}s. */
function isContent(value: unknown): value is ContentPart[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((part) => (part?.type === 'text' ? typeof part.text === 'string' : isMedia(part)));
}

function isMedia(part: Partial<Extract<ContentPart, { data: string }>> | null | undefined): boolean {
  return (
    (part?.type === 'image' || part?.type === 'audio') && typeof part.data === 'string' && typeof part.mediaType === 'string'
  );
}

function told(part: ContentPart): string {
  return part.type === 'text' ? part.text : `(${part.type}, ${part.mediaType})`;
}

/** Texts are cut together, from the first on. */
function cutParts(parts: readonly ContentPart[]): { output: ContentPart[]; truncated?: number } {
  let left = outputLimit;
  let truncated = 0;
  const output = parts.map((part): ContentPart => {
    if (part.type !== 'text') return part.data.length <= mediaLimit ? part : { type: 'text', text: `${told(part)}: too large` };
    const text = part.text.slice(0, left);
    left -= text.length;
    truncated += part.text.length - text.length;
    return { type: 'text', text };
  });
  return { output, ...(truncated > 0 && { truncated }) };
}

function cut(text: string): { output: string; truncated?: number } {
  if (text.length <= outputLimit) return { output: text };
  return { output: text.slice(0, outputLimit), truncated: text.length - outputLimit };
}
