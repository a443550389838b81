// Numbers as a reader sees them.

const counts = new Intl.NumberFormat('en');

/** `12,345` */
export function count(value: number): string {
  return counts.format(value);
}

/** `1 passage`, `2,000 passages` */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `85 ms`, `1.4 s`, `2 min 5 s` */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `21/s`, `3.4/s` */
export function perSecond(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}/s`;
}
