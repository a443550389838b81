// The generation loop over a toy model whose logits depend on every token before, and that checks what it is given.
import { describe, expect, test } from 'vitest';
import type { CausalModel } from '../../../src/llm/causal-model.ts';
import { createContrast } from '../../../src/llm/contrast.ts';
import { type Decoder, type DecodeSettings, decode } from '../../../src/llm/decode.ts';
import { createPassCost } from '../../../src/llm/draft-policy.ts';
import { KeyValues } from '../../../src/llm/key-values.ts';
import { createNeighbours } from '../../../src/llm/neighbours.ts';
import { createPrefixStore } from '../../../src/llm/prefix-store.ts';
import { lookUp } from '../../../src/llm/prompt-lookup.ts';
import { createRandom } from '../../../src/util/random.ts';
import { fakeRows } from './fake-tensor.ts';

const vocabulary = 12;
const end = 11;
const name = 'past_key_values.0.key';

/** Mostly says again what followed the same tokens before; now and then something else, and sometimes nearly so. */
function logitsAfter(tokens: readonly number[]): Float32Array {
  const random = createRandom(tokens.reduce((hash, token) => (hash * 31 + token + 1) >>> 0, 7));
  const logits = Float32Array.from({ length: vocabulary }, () => random() * 4);
  const again = lookUp(tokens, 1)?.tokens[0];
  if (again !== undefined && random() < 0.8) logits[again] = 4 + random();
  logits[end] = -1;
  return logits;
}

interface Read {
  from: number;
  tokens: readonly number[];
}

/** @param noise added to the logits of passes over several tokens */
function toyModel(noise = 0): CausalModel & { reads: Read[] } {
  const reads: Read[] = [];
  const random = createRandom(3);
  return {
    reads,
    empty: new KeyValues([], {}),
    async read(known, tokens, rows) {
      expect(String(known.tensors[name]?.data ?? '')).toBe(String(fakeRows(known.tokens).data));
      reads.push({ from: known.tokens.length, tokens });
      const all = [...known.tokens, ...tokens];
      const logits = Array.from({ length: rows }, (_, i) => logitsAfter(all.slice(0, all.length - rows + i + 1)));
      if (tokens.length > 1) for (const row of logits) for (const i of row.keys()) row[i]! += (random() - 0.5) * noise;
      return { logits, known: new KeyValues(all, { [name]: fakeRows(all) }, known.steps) };
    },
  };
}

const decoderOf = (model: CausalModel, options: Partial<Decoder> = {}): Decoder => ({
  model,
  store: createPrefixStore(1e6),
  cost: createPassCost(),
  endTokens: new Set([end]),
  pieceTokens: 8,
  noise: 0,
  exact: true,
  ...options,
});

const settings: DecodeSettings = {
  maxTokens: 60,
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
  draft: false,
  random: () => 0.5,
  sharedTokens: 0,
};

async function run(decoder: Decoder, prompt: number[], options: Partial<DecodeSettings> = {}) {
  const counts = { cached: 0, drafted: 0, accepted: 0 };
  const tokens: number[] = [];
  for await (const { token } of decode(decoder, prompt, { ...settings, ...options }, counts)) tokens.push(token);
  return { tokens, counts };
}

const prompts = Array.from({ length: 12 }, (_, seed) => {
  const random = createRandom(seed);
  return Array.from({ length: 5 + Math.floor(random() * 40) }, () => Math.floor(random() * (vocabulary - 1)));
});

/** Greedy search, spelled out. */
function greedy(prompt: readonly number[], length: number): number[] {
  const text = [...prompt];
  for (let i = 0; i < length; i++) {
    const logits = logitsAfter(text);
    text.push(logits.indexOf(Math.max(...logits)));
  }
  return text.slice(prompt.length);
}

describe('decode', () => {
  test('drafts change the number of passes, not the tokens', async () => {
    let passes = 0;
    let tokens = 0;
    for (const prompt of prompts) {
      const model = toyModel();
      const { tokens: generated, counts } = await run(decoderOf(model), prompt, { draft: true });
      expect(generated).toEqual(greedy(prompt, 60));
      expect(counts.accepted).toBeLessThanOrEqual(counts.drafted);
      passes += model.reads.length;
      tokens += generated.length;
    }
    expect(passes).toBeLessThan(tokens * 0.8);
  });

  test('where passes over several tokens are noisy, near ties are decided by a pass of their own', async () => {
    for (const prompt of prompts) {
      const { tokens } = await run(decoderOf(toyModel(0.1), { noise: 0.1 }), prompt, { draft: true });
      expect(tokens.slice(1)).toEqual(greedy([...prompt, tokens[0]!], 59));
    }
  });

  test('a longer prompt is read from where the last text ends, and gives the same', async () => {
    for (const prompt of prompts) {
      const decoder = decoderOf(toyModel());
      const first = await run(decoder, prompt, { draft: true });
      const second = [...prompt, ...first.tokens, 3, 1, 4];
      const { tokens, counts } = await run(decoder, second, { draft: true });
      expect(counts.cached).toBe(prompt.length + first.tokens.length - 1);
      expect(tokens).toEqual(greedy(second, 60));
    }
  });

  test('where rows depend on the pass, those of whole pieces are used again', async () => {
    const model = toyModel();
    const decoder = decoderOf(model, { exact: false });
    const prompt = prompts.find(({ length }) => length > 30)!;
    await run(decoder, prompt, { sharedTokens: 5 });
    const pieces = (from: number) => model.reads.slice(from).filter(({ tokens }) => tokens.length > 1);
    expect(pieces(0).map(({ tokens }) => tokens.length)).toEqual(
      [5, ...Array(Math.floor((prompt.length - 5) / 8)).fill(8), (prompt.length - 5) % 8].filter((n) => n > 1),
    );
    const before = model.reads.length;
    const again = await run(decoder, prompt, { sharedTokens: 5 });
    expect((again.counts.cached - 5) % 8).toBe(0);
    expect(prompt.length - again.counts.cached).toBeLessThanOrEqual(8);
    expect(model.reads[before]!.from).toBe(again.counts.cached);
  });

  test('a system prompt is remembered after another conversation came between', async () => {
    const decoder = decoderOf(toyModel(), { store: createPrefixStore(16 * 90) });
    const system = [1, 2, 3, 4, 5, 6];
    await run(decoder, [...system, 7], { sharedTokens: 6 });
    await run(
      decoder,
      prompts[3]!.slice(0, 20).map((token) => (token + 5) % 11),
    );
    const { counts } = await run(decoder, [...system, 8, 9], { sharedTokens: 6 });
    expect(counts.cached).toBe(6);
  });

  test('ends with an end token, which is counted', async () => {
    const { tokens } = await run(decoderOf(toyModel()), [1, 2, 3], {
      constraint: { mask: (logits, generated) => generated.length === 4 && logits.fill(9, end, end + 1) },
    });
    expect(tokens).toHaveLength(5);
    expect(tokens.at(-1)).toBe(end);
  });

  test('in contrast to another prompt, each token is the best of (1 + w) · logits − w · logits after that one, if plausible', async () => {
    let changed = 0;
    for (const [i, prompt] of prompts.entries()) {
      const other = prompts[(i + 1) % prompts.length]!;
      const expected: number[] = [];
      for (let step = 0; step < 20; step++) {
        const without = logitsAfter([...other, ...expected]);
        const after = logitsAfter([...prompt, ...expected]);
        const floor = Math.max(...after) + Math.log(0.1);
        const logits = after.map((logit, token) => (logit < floor ? -100 : 1.5 * logit - 0.5 * without[token]!));
        expected.push(logits.indexOf(Math.max(...logits)));
        if (expected.at(-1) === end) break;
      }
      const decoder = decoderOf(toyModel());
      const adjusters = [createContrast(decoder, other, 0.5, undefined)];
      const { tokens } = await run(decoder, prompt, { adjusters, maxTokens: 20, draft: true });
      expect(tokens).toEqual(expected);
      if (String(tokens) !== String(greedy(prompt, tokens.length))) changed++;
    }
    expect(changed).toBeGreaterThan(3);
  });

  test('probabilities are those of the softmax', async () => {
    const [prompt] = prompts;
    const decoder = decoderOf(toyModel());
    const counts = { cached: 0, drafted: 0, accepted: 0 };
    const text = [...prompt!];
    for await (const { token, probability } of decode(decoder, prompt!, { ...settings, probabilities: true }, counts)) {
      const weights = [...logitsAfter(text)].map(Math.exp);
      expect(probability).toBeCloseTo(weights[token]! / weights.reduce((sum, weight) => sum + weight, 0), 5);
      text.push(token);
    }
    expect(text.length).toBeGreaterThan(prompt!.length);
  });

  test('an abort ends it between two passes; what was read is kept', async () => {
    const model = toyModel();
    const decoder = decoderOf(model);
    const controller = new AbortController();
    const prompt = prompts.find(({ length }) => length > 30)!;
    const { read } = model;
    model.read = (...args) => {
      if (model.reads.length === 1) controller.abort();
      return read(...args);
    };
    await expect(run(decoder, prompt, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(model.reads).toHaveLength(2);
    expect((await run(decoder, prompt)).counts.cached).toBe(16);
  });
});

test('what followed in the prompt where the model was in the same state is likelier', () => {
  const prompt = [5, 7, 3, 9, 5];
  const known = new KeyValues(prompt, {
    'past_key_values.0.key': fakeRows([0, 0, 0, 0, 0]),
    'past_key_values.0.value': fakeRows(prompt),
  });
  const logits = new Float32Array(vocabulary);
  createNeighbours(prompt, 0.25, 2).adjust(logits, [], known);
  const probabilities = [...logits].map(Math.exp);
  expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 5);
  // The state after the first 5 is the same as the last one; the next nearest, after 7, was followed by 3.
  expect(probabilities[7]).toBeGreaterThan(0.75 / vocabulary + 0.2);
  expect(probabilities[3]).toBeGreaterThan(probabilities[9]!);
});
