// Tools for dates and times, by the calendar of the browser.
import type { Tool } from '../spec/tool.ts';
import { InpageError } from '../util/errors.ts';

/** Options of {@link dateTools}. */
export interface DateToolOptions {
  /** What time it is. @default the clock */
  now?: () => Date;
  /** IANA name. @default the reader's */
  timeZone?: string;
}

/** A date with its day of the week. */
export interface CalendarDate {
  date: string;
  weekday: string;
}

const date = (description: string) => ({ type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description }) as const;
const amount = (description: string) => ({ type: 'integer', minimum: -100000, maximum: 100000, description }) as const;

/** `current_time`, `add_to_date`, `days_between`. Dates are `2026-03-31`, by the Gregorian calendar. */
export function dateTools({ now = () => new Date(), timeZone }: DateToolOptions = {}): {
  current_time: Tool<{ timeZone?: string }, CalendarDate & { time: string; timeZone: string }>;
  add_to_date: Tool<{ date: string; days?: number; weeks?: number; months?: number; years?: number }, CalendarDate>;
  days_between: Tool<{ from: string; to: string }, { days: number }>;
} {
  const common = { readOnly: true, trusted: true } as const;
  return {
    current_time: {
      ...common,
      description: 'Today’s date, day of the week and time, here or in another time zone.',
      inputSchema: {
        type: 'object',
        properties: { timeZone: { type: 'string', description: 'IANA name, like Europe/Oslo' } },
        additionalProperties: false,
      },
      aliases: ['what day is it', 'what time is it'],
      execute: ({ timeZone: wanted = timeZone }) => told(now(), wanted),
    },
    add_to_date: {
      ...common,
      description: 'The date some days, weeks, months or years after another; negative ones are before.',
      inputSchema: {
        type: 'object',
        properties: {
          date: date('The date to count from'),
          ...{ days: amount('Days'), weeks: amount('Weeks'), months: amount('Months'), years: amount('Years') },
        },
        required: ['date'],
        additionalProperties: false,
      },
      execute({ date, days = 0, weeks = 0, months = 0, years = 0 }) {
        const from = parsed(date);
        const month = new Date(Date.UTC(from.getUTCFullYear() + years, from.getUTCMonth() + months, 1));
        // The 31st of January and a month is the last day of February.
        const last = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate();
        month.setUTCDate(Math.min(from.getUTCDate(), last) + days + 7 * weeks);
        return calendarDate(month);
      },
    },
    days_between: {
      ...common,
      description: 'How many days lie between two dates; negative if the second is earlier.',
      inputSchema: {
        type: 'object',
        properties: { from: date('The first date'), to: date('The second date') },
        required: ['from', 'to'],
        additionalProperties: false,
      },
      execute: ({ from, to }) => ({ days: (parsed(to).getTime() - parsed(from).getTime()) / 86_400_000 }),
    },
  };
}

function told(at: Date, timeZone: string | undefined) {
  let format: Intl.DateTimeFormat;
  try {
    const fields = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-CA', { ...fields, timeZone, hourCycle: 'h23' });
  } catch (cause) {
    throw new InpageError('invalid-argument', `There is no time zone "${timeZone}". Take a name like Europe/Oslo.`, { cause });
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const day = `${part.year}-${part.month}-${part.day}`;
  return { ...calendarDate(parsed(day)), time: `${part.hour}:${part.minute}`, timeZone: format.resolvedOptions().timeZone };
}

/** @throws InpageError `invalid-argument` for a day that there is not */
function parsed(text: string): Date {
  const day = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(text)) {
    throw new InpageError('invalid-argument', `There is no date ${text}.`, { detail: { date: text } });
  }
  return day;
}

function calendarDate(day: Date): CalendarDate {
  if (Number.isNaN(day.getTime())) throw new InpageError('invalid-argument', 'The date is out of range.');
  const weekday = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(day);
  return { date: day.toISOString().replace(/T.*/, ''), weekday };
}
