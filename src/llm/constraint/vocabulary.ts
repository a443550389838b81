// The tokens of a model as bytes, and which of them an automaton lets through.
import type { PreTrainedTokenizer } from '@huggingface/transformers';
import { InpageError } from '../../util/errors.ts';
import type { Automaton } from './automaton.ts';

/** Tokens in the order of their bytes, so that those with a common beginning are looked at together. */
export interface Vocabulary {
  /** Ids of tokens that are text, in order. */
  ids: Int32Array;
  /** Their bytes, one token after the other, and where each begins and the last ends. */
  bytes: Uint8Array;
  starts: Int32Array;
  /** How many bytes each has in common with the one before. */
  shared: Int32Array;
  /** One more than the highest id. */
  size: number;
  /** By id; undefined for tokens that are not text. */
  byId: ReadonlyMap<number, Uint8Array>;
  /** The token that ends a text. */
  end: number;
}

const vocabularies = new WeakMap<PreTrainedTokenizer, Vocabulary>();

/** The vocabulary of a tokenizer; made once. */
export function vocabularyOf(tokenizer: PreTrainedTokenizer): Vocabulary {
  let vocabulary = vocabularies.get(tokenizer);
  if (!vocabulary) {
    vocabulary = read(tokenizer);
    vocabularies.set(tokenizer, vocabulary);
  }
  return vocabulary;
}

/** Which tokens may come next, the end among them: one bit a token, by id. */
export function allowedTokens(
  { ids, bytes, starts, shared, size, end }: Vocabulary,
  automaton: Automaton,
  state: number,
): Uint32Array {
  const allowed = new Uint32Array(Math.ceil(size / 32));
  const allow = (id: number) => {
    allowed[id >> 5]! |= 1 << (id & 31);
  };
  if (automaton.accepts(state)) allow(end);
  // States after each byte of the token before; `dead` is the length of its beginning that leads nowhere.
  const path = [state];
  let dead = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ids.length; i++) {
    if (shared[i]! >= dead) continue;
    const start = starts[i]!;
    const length = starts[i + 1]! - start;
    let at = shared[i]!;
    let next = path[at]!;
    while (at < length && next >= 0) {
      next = automaton.step(next, bytes[start + at]!);
      path[++at] = next;
    }
    dead = next < 0 ? at : Number.POSITIVE_INFINITY;
    if (next >= 0) allow(ids[i]!);
  }
  return allowed;
}

/** The parts of `tokenizer.json` that say how tokens become text. */
interface TokenizerFile {
  decoder?: unknown;
  added_tokens?: readonly { id: number; content: string; special: boolean }[];
}

function read(tokenizer: PreTrainedTokenizer): Vocabulary {
  const {
    _tokenizerJSON: file,
    all_special_ids: special,
    eos_token_id: end,
  } = tokenizer as unknown as {
    _tokenizerJSON: TokenizerFile;
    all_special_ids: readonly number[];
    eos_token_id: number | undefined;
  };
  if (end === undefined)
    throw new InpageError('output-unsupported', 'The tokenizer of this model has no token that ends a text.');
  const byteLevel = JSON.stringify(file.decoder ?? null).includes('"ByteLevel"');
  const vocabulary = tokenizer.get_vocab() as Map<string, number> | Record<string, number>;
  const byId = new Map<number, Uint8Array>();
  for (const [token, id] of vocabulary instanceof Map ? vocabulary : Object.entries(vocabulary)) {
    byId.set(id, byteLevel ? fromByteLevel(token) : fromSentencePiece(token));
  }
  for (const { id, content } of file.added_tokens ?? []) byId.set(id, new TextEncoder().encode(content));
  for (const id of [end, ...special, ...(file.added_tokens ?? []).flatMap((added) => (added.special ? added.id : []))]) {
    byId.delete(id);
  }
  const order = [...byId].filter(([, bytes]) => bytes.length > 0).sort(([, a], [, b]) => compare(a, b));
  const starts = new Int32Array(order.length + 1);
  for (const [i, [, bytes]] of order.entries()) starts[i + 1] = starts[i]! + bytes.length;
  const all = new Uint8Array(starts.at(-1)!);
  for (const [i, [, bytes]] of order.entries()) all.set(bytes, starts[i]);
  return {
    ids: Int32Array.from(order, ([id]) => id),
    bytes: all,
    starts,
    shared: Int32Array.from(order, ([, bytes], i) => (i > 0 ? common(bytes, order[i - 1]![1]) : 0)),
    size: Math.max(end, ...byId.keys()) + 1,
    byId,
    end,
  };
}

/** GPT-2's way to write bytes as characters that can be seen. */
const byteOf = new Map<string, number>();

function fromByteLevel(token: string): Uint8Array {
  if (byteOf.size === 0) {
    let other = 0x100;
    for (let byte = 0; byte < 0x100; byte++) {
      const visible = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
      byteOf.set(String.fromCharCode(visible ? byte : other++), byte);
    }
  }
  const bytes = Array.from(token, (character) => byteOf.get(character));
  return bytes.includes(undefined) ? new TextEncoder().encode(token) : Uint8Array.from(bytes as number[]);
}

/** SentencePiece's: a low line stands for a space, and bytes that are no character are written as numbers. */
function fromSentencePiece(token: string): Uint8Array {
  const byte = /^<0x([\dA-F]{2})>$/.exec(token);
  return byte ? Uint8Array.of(Number.parseInt(byte[1]!, 16)) : new TextEncoder().encode(token.replaceAll('▁', ' '));
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = common(a, b);
  return (a[at] ?? -1) - (b[at] ?? -1);
}

/** Bytes at the beginning that two tokens have in common. */
function common(a: Uint8Array, b: Uint8Array): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
