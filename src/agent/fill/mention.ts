// Mention: a piece of a request that may be the value of an argument.

/** What was read at a place of a text. */
export interface Mention {
  kind: 'number' | 'date' | 'time' | 'numbers' | 'phrase' | 'phrases';
  /** A number, a text, or several of one of them; dates as `yyyy-mm-dd`, times as `hh:mm`. */
  value: number | string | readonly number[] | readonly (readonly number[])[] | readonly string[];
  /** Offsets into the text. */
  start: number;
  end: number;
  /** In one form, like `meter`; `percent`, and currencies as `currency`. */
  unit?: string;
  /** How a phrase came to be one. */
  form?: 'quoted' | 'name' | 'code' | 'formula' | 'plain';
  /** Written as a word: small numbers, ordinals. */
  spelled?: boolean;
}

/** Whether two stretches share a character. */
export function overlap(first: { start: number; end: number }, second: { start: number; end: number }): boolean {
  return first.start < second.end && second.start < first.end;
}
