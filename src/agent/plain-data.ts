// What a tool gives, as plain data that can be stored and that a model can read.

/** Characters of an output that are kept. */
export const outputLimit = 16_000;

/**
 * @returns the output as JSON has it, or the beginning of its text where it is longer than {@link outputLimit}, with the number of
 *   characters that are missing
 * @throws TypeError for what is not plain data (a cycle, a BigInt)
 */
export function plainOutputOf(output: unknown): { output: unknown; truncated?: number } {
  if (typeof output === 'string') return cut(output);
  const text = JSON.stringify(output) ?? 'null';
  return text.length > outputLimit ? cut(text) : { output: JSON.parse(text) };
}

/** A text that may be too long, cut, with a word of it at its end. */
export function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length - limit} more characters)`;
}

/** Value as text for a prompt: strings as they are, others as JSON. */
export function textOf(value: unknown): string {
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

function cut(text: string): { output: string; truncated?: number } {
  if (text.length <= outputLimit) return { output: text };
  return { output: text.slice(0, outputLimit), truncated: text.length - outputLimit };
}
