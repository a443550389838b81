// Keys and values that may be of use again: of conversations, which go on, and of system prompts, which many share.
// The least recently used go first when there are too many bytes.
import type { KeyValues } from './key-values.ts';

export interface PrefixStore {
  /**
   * What is known of the longest beginning of `prompt`, at most up to its last token, which must be read for its logits.
   * It stays in the store, unless it had to be copied.
   * @param anywhere it may end at any token, not just where the reading of the prompt would pause
   */
  find(prompt: readonly number[], anywhere: boolean): KeyValues | undefined;
  /**
   * Keeps `known`, unless the same is kept already or it is larger than the budget. What is a beginning of it goes, but for
   * what was kept as `shared` by many.
   */
  keep(known: KeyValues, options?: { shared?: boolean }): void;
  holds(known: KeyValues): boolean;
  /** Bytes of all that is kept. */
  readonly bytes: number;
  /** Frees everything. */
  clear(): void;
}

interface Entry {
  known: KeyValues;
  shared: boolean;
}

/** @param budget bytes that are kept */
export function createPrefixStore(budget: number): PrefixStore {
  // The most recently used comes last.
  let entries: Entry[] = [];
  const size = () => entries.reduce((sum, { known }) => sum + known.bytes, 0);
  const drop = (unwanted: (entry: Entry) => boolean) => {
    for (const { known } of entries.filter(unwanted)) known.dispose();
    entries = entries.filter((entry) => !unwanted(entry));
  };
  const begins = ({ known }: Entry, tokens: readonly number[]) => commonPrefix(known.tokens, tokens) === known.tokens.length;
  /** A shared beginning is in use by whatever begins with it. */
  const touch = (tokens: readonly number[], chosen?: Entry) => {
    const used = (entry: Entry) => entry === chosen || (entry.shared && begins(entry, tokens));
    entries = [...entries.filter((entry) => !used(entry)), ...entries.filter(used)];
  };

  return {
    find(prompt, anywhere) {
      let best: { entry: Entry; length: number } | undefined;
      for (const entry of entries) {
        const { known } = entry;
        const common = Math.min(prompt.length - 1, commonPrefix(known.tokens, prompt));
        const length = anywhere ? common : Math.max(0, ...known.steps.filter((step) => step <= common));
        const usable = length === known.tokens.length || known.divisible;
        if (usable && length > (best?.length ?? 0)) best = { entry, length };
      }
      touch(prompt, best?.entry);
      if (!best) return undefined;
      const { known } = best.entry;
      return best.length === known.tokens.length ? known : known.copy(best.length);
    },
    keep(known, { shared = false } = {}) {
      const { tokens, bytes } = known;
      const kept = entries.some((entry) => begins(entry, tokens) && entry.known.tokens.length === tokens.length);
      if (kept || bytes === 0 || bytes > budget) return;
      drop((entry) => !entry.shared && begins(entry, tokens));
      entries.push({ known, shared });
      touch(tokens);
      while (size() > budget) drop((entry) => entry === entries[0]);
    },
    holds: (known) => entries.some((entry) => entry.known === known),
    get bytes() {
      return size();
    },
    clear: () => drop(() => true),
  };
}

/** Number of tokens at the beginning that are the same in both. */
export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return i;
}
