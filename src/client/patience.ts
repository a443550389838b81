// How long a worker may be silent before it counts as hung: by what it is doing, how much of it, and on what.

/** Longest time without progress, in ms, by what a worker is doing. */
export interface Patience {
  /** Starting its script. */
  start: number;
  /** Loading: between two reports of the download, or until the model is made. */
  load: number;
  /** Reading a prompt until the first token; longer prompts are given more. */
  prefill: number;
  /** Between two tokens. */
  decode: number;
  /** Between two batches of an embedding model. */
  embed: number;
}

/** Defaults of {@link Patience}, far above what slow devices need. */
export const patienceDefaults: Patience = { start: 60_000, load: 180_000, prefill: 60_000, decode: 30_000, embed: 60_000 };

/** Added to `prefill` for each character of the prompt, in ms: a tenth of a second a token. */
export const prefillPerCharacter = 25;

/** A GPU that is emulated on the CPU is given this many times as long. */
export const softwareFactor = 10;
