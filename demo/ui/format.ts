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

/** `812 bytes`, `4.2 kB`, `137 MB`: decimal units, as browsers show downloads. */
export function bytes(value: number): string {
  if (value < 1000) return plural(value, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${units[power - 1]}`;
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
