// Turns tokens into text as they come: bytes of an unfinished character and the beginnings of stop texts are held back.
import { createStopFilter } from './stop-texts.ts';

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
  const filter = createStopFilter(stop);

  return {
    push(token) {
      if (filter.stopped) return '';
      window.push(token);
      const text = decode(window);
      if (text.endsWith('\uFFFD')) return '';
      const piece = text.slice(done);
      done = text.length;
      if (window.length > 16) {
        window = window.slice(-8);
        done = decode(window).length;
      }
      return filter.push(piece);
    },
    flush() {
      if (filter.stopped) return '';
      const rest = decode(window)
        .slice(done)
        .replace(/\uFFFD+$/, '');
      window = [];
      done = 0;
      return filter.push(rest) + filter.flush();
    },
    get stopped() {
      return filter.stopped;
    },
  };
}
