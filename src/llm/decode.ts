// The generation loop: reads the prompt in pieces, without what is known of it already, then chooses token by token; what can be
// drafted from the text so far is read in the same pass as the last token and only checked.
import { nextTask } from '../util/async.ts';
import type { CausalModel } from './causal-model.ts';
import type { LogitsConstraint } from './constraint.ts';
import { createDraftPolicy, maxDraft, type PassCost } from './draft-policy.ts';
import type { KeyValues } from './key-values.ts';
import type { PrefixStore } from './prefix-store.ts';
import { type Draft, lookUp } from './prompt-lookup.ts';
import { margin, penalize, probabilityOf, type SamplingSettings, sample } from './sampling.ts';

/** A model with what is kept between its generations. */
export interface Decoder {
  model: CausalModel;
  store: PrefixStore;
  cost: PassCost;
  /** Generation ends with any of these tokens. */
  endTokens: ReadonlySet<number>;
  /** Tokens of the prompt that are read in one pass, at most; an abort waits for its end. */
  pieceTokens: number;
  /** Difference between the logits of passes over several tokens and over one; see `measureNoise`. */
  noise: number;
  /**
   * That difference is rounding at most: rows are as good wherever the reading paused. Otherwise only such rows are used again
   * that come out the same bit by bit.
   */
  exact: boolean;
}

/** Settings of one generation. */
export interface DecodeSettings extends SamplingSettings {
  maxTokens: number;
  /** Draft from the text so far. */
  draft: boolean;
  /** Gives numbers in [0, 1). */
  random: () => number;
  constraint?: LogitsConstraint | undefined;
  /** Change the logits before anything else; then nothing is drafted. */
  adjusters?: readonly LogitsAdjuster[] | undefined;
  /** Tell the probability of each token. */
  probabilities?: boolean | undefined;
  /** Length of a beginning of the prompt that other prompts are likely to share; what is known of it is kept. */
  sharedTokens: number;
  signal?: AbortSignal | undefined;
}

/** Changes the logits of one generation, token by token. */
export interface LogitsAdjuster {
  /**
   * @param logits one value a token of the vocabulary, changed in place
   * @param generated the tokens after the prompt
   * @param known what the model has read, the last of them included
   */
  adjust(logits: Float32Array, generated: readonly number[], known: KeyValues): void | Promise<void>;
  /** Lets go of what it holds. */
  close?(): void;
}

/** A token, with its probability where it is to be told: that of the model, after the adjusters. */
export interface Decoded {
  token: number;
  probability?: number;
}

/** Counts of one generation, in tokens. */
export interface DecodeCounts {
  cached: number;
  drafted: number;
  accepted: number;
}

/** A choice between logits that are this many times the noise apart is the same with it and without. */
const safety = 10;

/**
 * Generates tokens, the one that ends the text included.
 * @param counts are kept up to date
 * @throws AbortError between two passes; whatever the model throws
 */
export async function* decode(
  decoder: Decoder,
  prompt: readonly number[],
  settings: DecodeSettings,
  counts: DecodeCounts,
): AsyncGenerator<Decoded> {
  const { model, store, cost, endTokens, pieceTokens, noise } = decoder;
  const { maxTokens, sharedTokens, constraint, adjusters = [], probabilities = false, signal } = settings;
  let known = store.find(prompt, decoder.exact) ?? model.empty;
  counts.cached = known.tokens.length;

  const read = async (tokens: readonly number[], rows: number): Promise<Float32Array[]> => {
    await nextTask();
    signal?.throwIfAborted();
    const pass = await model.read(known, tokens, rows);
    if (!store.holds(known)) known.dispose();
    known = pass.known;
    return pass.logits;
  };

  try {
    let logits: Float32Array[] = [];
    for (let at = known.tokens.length; at < prompt.length; at = known.tokens.length) {
      const end = Math.min(at + pieceTokens, at < sharedTokens ? sharedTokens : prompt.length);
      logits = await read(prompt.slice(at, end), 1);
      if (end === at + pieceTokens || end === sharedTokens) known = known.paused();
      if (end === sharedTokens) store.keep(known, { shared: true });
    }

    const policy = createDraftPolicy(cost);
    const text = [...prompt];
    const generated: number[] = [];
    let found: Draft | undefined;
    let draft: readonly number[] = [];
    for (;;) {
      let compared = 0;
      let right = 0;
      let unsure = false;
      for (const [i, row] of logits.entries()) {
        // Too close to be decided by a pass over several tokens: the last token is read again, alone.
        unsure = logits.length > 1 && noise > 0 && margin(row) < safety * noise;
        if (unsure) break;
        for (const adjuster of adjusters) await adjuster.adjust(row, generated, known);
        const open = probabilities ? row.slice() : undefined;
        constraint?.mask(row, generated);
        penalize(row, text, settings.repetitionPenalty);
        const token = sample(row, settings, settings.random);
        text.push(token);
        generated.push(token);
        if (token === draft[i]) counts.accepted++;
        yield { token, ...(open && { probability: probabilityOf(open, token) }) };
        if (endTokens.has(token) || generated.length >= maxTokens) return;
        // What was found goes on after the draft, or was not drafted at all; the comparison is free.
        const expected = found?.tokens[i];
        if (expected !== undefined) compared++;
        if (token !== expected) break;
        right++;
      }
      if (found) policy.observe(found.match, compared, right);
      if (known.tokens.length >= text.length) known = known.cut(text.length - 1);

      found =
        settings.draft && adjusters.length === 0 ? lookUp(text, Math.min(maxDraft, maxTokens - generated.length - 1)) : undefined;
      draft = found && !unsure ? beforeEnd(found.tokens.slice(0, policy.length(found.match)), endTokens) : [];
      counts.drafted += draft.length;
      const started = performance.now();
      logits = await read([text.at(-1)!, ...draft], 1 + draft.length);
      cost.measure(1 + draft.length, performance.now() - started);
    }
  } finally {
    for (const adjuster of adjusters) adjuster.close?.();
    store.keep(known);
    if (!store.holds(known)) known.dispose();
  }
}

/** What follows an end is never asked for. */
function beforeEnd(tokens: readonly number[], endTokens: ReadonlySet<number>): readonly number[] {
  const end = tokens.findIndex((token) => endTokens.has(token));
  return end < 0 ? tokens : tokens.slice(0, end);
}
