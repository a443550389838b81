// Turns tokens into text as they come: bytes of an unfinished character and the beginnings of stop texts are held back.

/** Gives the text of tokens; special tokens left out. */
export type Decode = (tokens: readonly number[]) => string;

export interface Detokenizer {
  /** Takes a token; gives the text that is certain by now, perhaps ''. */
  push(token: number): string;
  /** Gives what was held back. */
  flush(): string;
  /** A stop text was reached; the text before it has been given. */
  readonly stopped: boolean;
}

/** @param stop generation ends before any of these texts */
export function createDetokenizer(decode: Decode, stop: readonly string[] = []): Detokenizer {
  // A token's text can depend on the one before (leading space), so a window of tokens is decoded, not each alone.
  let window: number[] = [];
  let done = 0;
  let held = '';
  let stopped = false;

  const release = (final: boolean): string => {
    for (const text of stop) {
      const at = held.indexOf(text);
      if (at >= 0) {
        stopped = true;
        const before = held.slice(0, at);
        held = '';
        return before;
      }
    }
    const keep = final ? 0 : Math.max(0, ...stop.map((text) => overlap(held, text)));
    const out = held.slice(0, held.length - keep);
    held = held.slice(held.length - keep);
    return out;
  };

  return {
    push(token) {
      if (stopped) return '';
      window.push(token);
      const text = decode(window);
      if (text.endsWith('\uFFFD')) return '';
      held += text.slice(done);
      done = text.length;
      if (window.length > 16) {
        window = window.slice(-8);
        done = decode(window).length;
      }
      return release(false);
    },
    flush() {
      if (stopped) return '';
      held += decode(window)
        .slice(done)
        .replace(/\uFFFD+$/, '');
      window = [];
      done = 0;
      return release(true);
    },
    get stopped() {
      return stopped;
    },
  };
}

/** Length of the longest end of `text` that is a beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let n = Math.min(stop.length - 1, text.length); n > 0; n--) if (text.endsWith(stop.slice(0, n))) return n;
  return 0;
}
