// Progress on a terminal: one line that is written over; elsewhere a line now and then.
import type { WriteStream } from 'node:tty';

const terminalPause = 100;
const logPause = 10_000;

export interface ProgressLine {
  /** Shows a text, unless the last one is too recent. */
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

/** @param now clock, milliseconds */
export function progressLine(
  output: Pick<WriteStream, 'isTTY' | 'columns' | 'write'>,
  now: () => number = performance.now.bind(performance),
): ProgressLine {
  const terminal = output.isTTY === true;
  let last = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    show(text) {
      if (now() - last < (terminal ? terminalPause : logPause)) return;
      last = now();
      shown = terminal;
      output.write(terminal ? `\r\x1b[K${text.slice(0, (output.columns ?? 80) - 1)}` : `${text}\n`);
    },
    clear() {
      if (shown) output.write('\r\x1b[K');
      shown = false;
    },
  };
}
