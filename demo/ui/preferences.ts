// What the reader has set, kept in localStorage.

/** Settings of the demo. */
export interface Preferences {
  /** Passages per question, 1–10. @default 3 */
  passages: number;
  /** Longest answer in tokens, 32–512. @default 128 */
  answerTokens: number;
  /** 0–1.5. @default 0 */
  temperature: number;
  /** Takes effect when the page is loaded. @default 'auto' */
  device: 'auto' | 'webgpu' | 'wasm';
  /** A compiled model that web-llm runs; empty for the one that comes with the demo. Takes effect likewise. @default '' */
  model: string;
}

const key = 'inpage-demo.preferences';
const defaults: Preferences = { passages: 3, answerTokens: 128, temperature: 0, device: 'auto', model: '' };

function within(value: unknown, low: number, high: number, fallback: number): number {
  return typeof value === 'number' && value >= low && value <= high ? value : fallback;
}

/** The kept preferences; anything missing or out of range takes its default. */
export function readPreferences(): Preferences {
  let kept: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    kept = JSON.parse(localStorage.getItem(key) ?? '{}');
  } catch {
    // No storage, or not what was written: the defaults hold.
  }
  return {
    passages: within(kept.passages, 1, 10, defaults.passages),
    answerTokens: within(kept.answerTokens, 32, 512, defaults.answerTokens),
    temperature: within(kept.temperature, 0, 1.5, defaults.temperature),
    device: kept.device === 'webgpu' || kept.device === 'wasm' ? kept.device : defaults.device,
    model: typeof kept.model === 'string' ? kept.model : defaults.model,
  };
}

/** Keeps the preferences where the browser lets it. */
export function writePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(key, JSON.stringify(preferences));
  } catch {
    // Without storage they hold until the page is closed.
  }
}
