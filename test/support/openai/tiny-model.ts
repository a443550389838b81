// A model without weights: the next token hangs by a hash on the prompt and the two tokens before, so that answers repeat, differ
// by prompt, and can be sampled; and texts that fit a schema or a pattern.
import { penalize, type SamplingSettings, sample } from '../../../src/llm/sampling.ts';
import { createRandom } from '../../../src/util/random.ts';

const vocabulary =
  ' the| sea| one| two| three| and| a| café| boat| 海| goes| out| to| la| red| blue| wind|.|,| we| say| hello| then| home'.split(
    '|',
  );

/** Tokens that the model says at most. */
const longest = 300;

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** Words and signs. */
export function tokenize(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
}

/** The tokens of messages, as the model's template puts them. */
export function promptTokens(messages: readonly { role: string; content: string }[]): string[] {
  return messages.flatMap(({ role, content }) => ['<', role, '>', ...tokenize(content)]);
}

/** The tokens of an answer, one after the other. */
export function* speak(prompt: string, settings: SamplingSettings & { seed?: number }): Generator<string> {
  const random = createRandom(settings.seed ?? Math.floor(Math.random() * 2 ** 32));
  const said = tokenize(prompt).map((word) => vocabulary.indexOf(` ${word}`));
  for (let n = 0; n < longest; n++) {
    const context = `${prompt}|${said.slice(-2).join()}|`;
    const logits = Float32Array.from(vocabulary, (token) => hash(context + token) / 2 ** 29);
    penalize(logits, said, settings.repetitionPenalty);
    const token = sample(logits, settings, random);
    said.push(token);
    yield vocabulary[token]!;
  }
}

/** A part of JSON Schema. */
interface Schema {
  type?: string;
  enum?: unknown[];
  pattern?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

/** A value that a schema takes; another one for another prompt. */
export function makeValue(schema: Schema, prompt: string): unknown {
  if (schema.enum) return schema.enum[hash(prompt) % schema.enum.length];
  if (schema.type === 'object') {
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, part]) => [name, makeValue(part, prompt + name)]),
    );
  }
  if (schema.type === 'array') return [makeValue(schema.items ?? {}, prompt)];
  if (schema.type === 'boolean') return hash(prompt) % 2 === 0;
  if (schema.type === 'integer' || schema.type === 'number') return hash(prompt) % 100;
  return schema.pattern ? makeMatch(schema.pattern, prompt) : 'text';
}

/** A text that a pattern takes; of patterns it knows letters, escaped signs, classes, `\d` and `{n}`. */
export function makeMatch(pattern: string, prompt: string): string {
  const parts = pattern.replace(/^\^?\(?|\)?\$?$/g, '').matchAll(/(\[(.)-(.)\]|\\.|.)(?:\{(\d+)\})?/g);
  let text = '';
  for (const [, part = '', from = '0', to = '9', times = '1'] of parts) {
    for (let n = 0; n < Number(times); n++) {
      const [low, high] = [from.charCodeAt(0), to.charCodeAt(0)];
      const ranged = part.startsWith('[') || part === '\\d';
      text += ranged ? String.fromCharCode(low + (hash(prompt + text) % (high - low + 1))) : part.at(-1);
    }
  }
  return text;
}

/** Counts of words, in as many numbers. */
export function embedWords(text: string, dimension: number): number[] {
  const vector = new Array<number>(dimension).fill(0.1);
  for (const word of tokenize(text.toLowerCase())) vector[hash(word) % dimension]! += 3;
  return vector;
}
