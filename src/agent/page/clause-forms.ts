// Forms of clauses that need more than a pattern: typing, choosing, dragging, and what is done to mails and posts.
import { readDates } from '../fill/read-dates.ts';
import type { DragTo, Goal, Phrase } from './goal.ts';
import { readPhrase, readPlace } from './phrase.ts';

/** What the clauses so far have told. */
export interface Context {
  /** Words of the row, mail or card that is spoken of. */
  within?: string;
  /** What is being copied. */
  from?: Phrase;
}

/** Entering a date that is not quoted. */
export function readDay(clause: string): Goal[] | undefined {
  if (!/^(?:enter|type|write|input|put|fill(?: in)?|select|choose|pick|set)\b/i.test(clause)) return undefined;
  const plain = clause.replace(/"[^"]*"/g, (quoted) => ' '.repeat(quoted.length));
  const date = readDates(plain).find(({ parts }) => parts.year !== undefined);
  if (!date) return undefined;
  const around = `${plain.slice(0, date.start)} ${plain.slice(date.end)}`
    .replace(/^\S+/, ' ')
    .replace(/\b(?:as|date|day)\b/gi, ' ');
  return [{ do: 'date', year: date.parts.year!, month: date.parts.month, day: date.parts.day, target: readPhrase(around) }];
}

/** Typing: quoted texts and the fields they belong to. */
export function readTyping(clause: string, { within }: Context): Goal[] | undefined {
  const match = /^(?:enter|type|write|input|put|fill(?: in)?|sign(?: in)?(?: with)?|log in with)\b\s*(.*)$/i.exec(clause);
  if (!match) return undefined;
  const [, rest] = match as unknown as [string, string];
  const pairs = [...rest.matchAll(/(?:the |your )?([a-z][a-z ]*?)?\s*"([^"]*)"/gi)];
  const [, where = ''] = /"[^"]*"\s*(?:in|into|to|as)\s+([^"]*)$/i.exec(rest) ?? [];
  const upper = /\bupper ?case\b|\bcapital/i.test(rest);
  const lower = /\blower ?case\b/i.test(rest);
  const cased = (text: string) => (upper ? text.toUpperCase() : lower ? text.toLowerCase() : text);
  if (pairs.length > 1) {
    return pairs.map(([, name = '', text]) => ({
      do: 'type',
      text: cased(text!),
      target: readPhrase(name.replace(/^and\b/i, ''), within),
    }));
  }
  if (pairs.length === 1) {
    const [, name = '', text] = pairs[0]!;
    const place = where.replace(/\b(?:all )?(?:upper|lower) ?case(?: letters)?(?: in)?\b/gi, ' ');
    const all = /\b(?:both|all|each)\b/i.test(place);
    const isPlain = /^(?:the )?(?:text|number|word|value)?$/i.test(name.trim());
    const target = readPhrase(`${isPlain ? '' : name} ${place}`, within);
    return [{ do: 'type', text: cased(text!), target, ...(all && { all }) }];
  }
  const time = /\b(\d{1,2}):(\d{2})\s*([ap])\.?m\.?/i.exec(rest) ?? /\b(\d{1,2}):(\d{2})\b/.exec(rest);
  if (time) {
    const hour = (Number(time[1]) % (time[3] ? 12 : 24)) + (time[3]?.toLowerCase() === 'p' ? 12 : 0);
    return [{ do: 'type', text: `${String(hour).padStart(2, '0')}:${time[2]}`, target: readPhrase('text field') }];
  }
  const plain = /^(?:the (?:text|number|word|name) )?(.+?)\s+(?:in|into|as) (?:the )?(.*)$/i.exec(rest);
  return plain ? [{ do: 'type', text: plain[1]!, target: readPhrase(plain[2]!, within) }] : undefined;
}

/** Choosing: names between commas, what is like some words, all of a colour, an option of a list, or an element by its kind. */
export function readChoosing(clause: string, { within }: Context): Goal[] | undefined {
  const match = /^(?:select|choose|check|tick|pick|mark)\s+(.*)$/i.exec(clause);
  if (!match) return undefined;
  const [, rest] = match as unknown as [string, string];
  if (/^nothing\b/i.test(rest)) return [];
  const shade = /\b(?:all|every)\b.*\b(?:shades?|colou?rs?)? of (\w+)$/i.exec(rest);
  const phrase = readPhrase(rest, within);
  if (shade && phrase.color) return [{ do: 'click', target: { ...phrase, words: '', roles: [] }, all: true, shade: true }];
  const similar = /^(?:the )?words? (?:similar|close) to (.*)$/i.exec(rest);
  if (similar) return [{ do: 'choose', options: listOf(similar[1]!), similar: true }];
  const fromList = /^(?:the (?:option|value) )?(.+?) (?:from|in) (?:the )?(.*(?:dropdown|drop down|list|menu).*)$/i.exec(rest);
  if (fromList) return [{ do: 'choose', options: listOf(fromList[1]!), target: readPhrase(fromList[2]!) }];
  // Kinds and places stand for elements; anything else are names.
  if (phrase.place !== undefined || (phrase.roles.length > 0 && phrase.words === '')) return [{ do: 'click', target: phrase }];
  return [{ do: 'choose', options: listOf(rest) }];
}

/** Names between commas and "and", without quotes. */
export function listOf(text: string): string[] {
  return text
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+/)
    .map((name) => name.replace(/^["“]|["”]$/g, '').trim())
    .filter(Boolean);
}

/** Where something is dragged to. */
export function readDestination(where: string): DragTo {
  const direction = /^(?:to the )?(up|down|left|right)\b/i.exec(where)?.[1]?.toLowerCase() as 'up' | undefined;
  if (direction && /\b(?:one|a|1) (?:position|place|step)/i.test(where)) return { by: direction === 'up' ? -1 : 1 };
  if (direction) return { direction };
  if (/\b(?:top|beginning|start)\b/i.test(where)) return { place: 0 };
  if (/\b(?:bottom|end)\b/i.test(where)) return { place: -1 };
  const place = readPlace(where);
  if (place !== undefined && /\bposition|place\b/i.test(where)) return { place };
  return { onto: readPhrase(where.replace(/^(?:to|onto|into|so that .*\binside(?: of)?)\b/i, '')) };
}

const acts: Record<string, readonly string[]> = {
  forward: ['forward'],
  reply: ['reply', 'respond', 'answer', 'say', 'tell', 'write back'],
  delete: ['delete', 'trash', 'remove', 'erase', 'get rid'],
  star: ['star', 'important', 'importance', 'favorite', 'flag'],
};

/** Something done to a mail or post that is known by its author. */
export function readAct(clause: string, context: Context): Goal[] | undefined {
  if (/^(?:click|press|push|hit|tap)\b/i.test(clause)) return undefined;
  const plain = clause.replace(/"[^"]*"/g, ' ');
  const verb = Object.keys(acts).find((name) => acts[name]!.some((word) => new RegExp(`\\b${word}`, 'i').test(plain)));
  if (!verb && !/\b(?:send|give|e-?mail)\b/i.test(plain)) return undefined;
  const name = '([A-Z][\\w-]*)';
  const by = new RegExp(`\\b(?:from|by|to) ${name}(?='s)|${name}'s\\b|\\b(?:from|by) ${name}|${name} (?:sent|wrote)`).exec(plain);
  const text = /"([^"]*)"/.exec(clause)?.[1];
  const target = new RegExp(`\\b(?:to|for) ${name}\\b(?!'s)|\\b(?:[Ff]orward|[Ss]end|[Gg]ive) ${name}\\b(?!'s)`)
    .exec(plain)
    ?.slice(1)
    .find(Boolean);
  const author = by?.slice(1).find(Boolean) ?? context.within ?? (text !== undefined ? target : undefined);
  if (!author) return undefined;
  const does = verb ?? (text !== undefined ? 'reply' : 'forward');
  return [
    {
      do: 'act',
      verb: does,
      within: author,
      ...(text !== undefined && { text }),
      ...(does === 'forward' && target && { to: target }),
    },
  ];
}
