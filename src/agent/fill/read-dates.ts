// Dates and times of a text: as figures, with the name of the month, and times of the day. Nothing is told of "tomorrow".
import type { Mention } from './mention.ts';

const months = 'january february march april may june july august september october november december'.split(' ');
const month =
  '(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const day = '(?<day>\\d{1,2})(?:st|nd|rd|th)?';
const year = '(?<year>\\d{4})';

const patterns = [
  `(?<year>\\d{4})[-/.](?<figure>\\d{1,2})[-/.](?<day>\\d{1,2})`,
  `${year},?\\s+${month}\\s+${day}`,
  `(?<figure>\\d{1,2})[-/.](?<day>\\d{1,2})[-/.](?<year>\\d{4})`,
  `${day}(?:\\s+of)?\\s+${month}(?:,?\\s*${year})?`,
  `${month}\\s+${day}(?:,?\\s*(?:in\\s+)?${year})?`,
].map((source) => new RegExp(`(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}])`, 'giu'));

const clock = /(?<![\p{L}\p{N}:.])(?<hour>\d{1,2})(?::(?<minute>\d{2}))?\s?(?<half>[ap]\.?m\b\.?)?(?![\p{N}:])/giu;

/** A date with its parts; `year` may be missing. */
export interface DateMention extends Mention {
  kind: 'date';
  value: string;
  parts: { year?: number; month: number; day: number };
}

/** Dates of a day; `mm/dd/yyyy` is read as in the United States unless the first number is no month. */
export function readDates(text: string): DateMention[] {
  const found: DateMention[] = [];
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const groups = match.groups!;
      let [monthNumber, dayNumber] = [
        groups.figure
          ? Number(groups.figure)
          : months.findIndex((name) => name.startsWith(groups.month!.toLowerCase().slice(0, 3))) + 1,
        Number(groups.day),
      ];
      if (monthNumber > 12 && dayNumber <= 12) [monthNumber, dayNumber] = [dayNumber, monthNumber];
      if (monthNumber < 1 || monthNumber > 12 || dayNumber < 1 || dayNumber > 31) continue;
      const [start, end] = [match.index, match.index + match[0].trimEnd().replace(/,$/, '').length];
      if (found.some((other) => other.start < end && start < other.end)) continue;
      const parts = { month: monthNumber, day: dayNumber, ...(groups.year && { year: Number(groups.year) }) };
      const pad = (value: number) => String(value).padStart(2, '0');
      const value = `${groups.year ? `${groups.year}-` : ''}${pad(monthNumber)}-${pad(dayNumber)}`;
      found.push({ kind: 'date', value, start, end, parts });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Times of the day. */
export function readTimes(text: string): Mention[] {
  const found: Mention[] = [];
  for (const match of text.matchAll(clock)) {
    const { hour, minute, half } = match.groups!;
    if (!minute && !half) continue;
    let hours = Number(hour);
    if (hours > 24) continue;
    if (half && /^p/i.test(half) && hours < 12) hours += 12;
    if (half && /^a/i.test(half) && hours === 12) hours = 0;
    const value = `${String(hours).padStart(2, '0')}:${minute ?? '00'}`;
    found.push({ kind: 'time', value, start: match.index, end: match.index + match[0].length });
  }
  return found;
}

/** A date as a description asks for: the order and marks of `format`, like `dd/mm/yyyy`; else as it stands in the text. */
export function formatDate(
  { parts: { year, month: monthNumber, day: dayNumber }, start, end }: DateMention,
  format: string,
  text: string,
): string {
  const [, pattern] = /((?:y{2,4}|m{2,4}|d{2,4})([-/. ]?)(?:y{2,4}|m{2,4}|d{2,4})\2(?:y{2,4}|m{2,4}|d{2,4}))/i.exec(format) ?? [];
  if (!pattern || year === undefined) return text.slice(start, end);
  const pad = (value: number) => String(value).padStart(2, '0');
  return pattern
    .replace(/y{2,4}/i, String(year))
    .replace(/m{2,4}/i, pad(monthNumber))
    .replace(/d{2,4}/i, pad(dayNumber));
}
