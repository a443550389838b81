// Ends a text before any of some texts: what may be the beginning of one is held back until it is certain.

/** Takes the pieces of a text. */
export interface StopFilter {
  /** Takes what was generated; gives the text that is certain by now, perhaps ''. */
  push(text: string): string;
  /** Gives what was held back. */
  flush(): string;
  /** A stop text was reached; the text before it has been given. */
  readonly stopped: boolean;
}

/** @param stop the text ends before any of these; empty ones do nothing */
export function createStopFilter(stop: readonly string[] = []): StopFilter {
  const texts = stop.filter(Boolean);
  let held = '';
  let stopped = false;

  const release = (keep: number): string => {
    const out = held.slice(0, held.length - keep);
    held = held.slice(held.length - keep);
    return out;
  };

  return {
    push(text) {
      if (stopped) return '';
      held += text;
      const ends = texts.map((end) => held.indexOf(end)).filter((at) => at >= 0);
      stopped = ends.length > 0;
      if (!stopped) return release(Math.max(0, ...texts.map((end) => overlap(held, end))));
      held = held.slice(0, Math.min(...ends));
      return release(0);
    },
    flush: () => release(0),
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
