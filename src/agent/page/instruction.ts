// Reads an instruction into goals: cut into clauses at their verbs, each clause by the forms that instructions have.
import type { DragTo, Goal } from './goal.ts';
import { readPhrase, readPlace } from './phrase.ts';

const verbs =
  'click|press|push|hit|tap|select|choose|pick|check|tick|mark|enter|type|write|fill|input|put|drag|move|scroll|copy|paste|highlight|' +
  'focus|find|search|expand|open|submit|wait|forward|reply|delete|send|use|switch|set|go|add|order|solve|sign|log|agree|cancel|book|close';

const dates = /\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/;
const isoDates = /\b(\d{4})-(\d{2})-(\d{2})\b/;

/** What the clauses so far have told. */
interface Context {
  /** Words of the row, mail or card that is spoken of. */
  within?: string;
  /** What is being copied. */
  from?: ReturnType<typeof readPhrase>;
}

/** The goals of an instruction, in order. Empty where no form fits. */
export function readInstruction(instruction: string): Goal[] {
  const context: Context = {};
  const goals = clausesOf(instruction).flatMap((clause) => readClause(clause, context));
  return mergeRepeated(goals);
}

/** Cuts an instruction at its verbs; quoted text stays whole. */
export function clausesOf(instruction: string): string[] {
  const quotes: string[] = [];
  const plain = instruction.replace(/["“]([^"”]*)["”]/g, (whole) => `⟦${quotes.push(whole) - 1}⟧`);
  const cut = new RegExp(
    `(?:,?\\s+and\\s+then\\s+|,\\s*(?:and\\s+)?then\\s+|\\s+then\\s+|;\\s*|,?\\s+and\\s+(?=(?:${verbs})\\b)|,\\s+(?=(?:${verbs})\\b)|\\s+(?=(?:hit|press|click) submit\\b)|[.!?]\\s+(?=[A-Z]))`,
    'i',
  );
  return plain
    .split(cut)
    .map((clause) => clause.replace(/⟦(\d+)⟧/g, (_whole, index) => quotes[Number(index)]!).trim())
    .filter(Boolean);
}

const stripEnd = (text: string) => text.trim().replace(/[.!]+$/, '');

function readClause(text: string, context: Context): Goal[] {
  const clause = stripEnd(text).replace(/^(?:please|can you|could you|you should|now)\s+/i, '');
  for (const read of forms) {
    const goals = read(clause, context);
    if (goals) return goals;
  }
  return [];
}

type Form = (clause: string, context: Context) => Goal[] | undefined;

/** A form by a pattern of the whole clause. */
const form =
  (pattern: RegExp, make: (match: RegExpExecArray, context: Context) => Goal[] | undefined): Form =>
  (clause, context) => {
    const match = pattern.exec(clause);
    return match ? make(match, context) : undefined;
  };

const click = (text: string, { within }: Context): Goal => ({ do: 'click', target: readPhrase(text, within) });

/** The forms, the more special ones first. */
const forms: readonly Form[] = [
  form(/^for (?:the )?(?:user|row|item|contact|person) ([^,]+),?\s*(.*)$/i, ([, within, rest], context) => {
    context.within = within!;
    return rest ? readClause(rest, context) : [];
  }),
  form(/^wait (?:for )?(\d+(?:\.\d+)?) ?s/i, ([, seconds]) => [{ do: 'wait', seconds: Number(seconds) }]),
  form(
    /^(?:hit|press|click|push)?\s*(?:on )?(?:the )?(submit|login|log in|search|ok)(?: button)?(?: when.*)?$/i,
    ([, label], context) => [click(`"${label}"`, { ...context, within: undefined })],
  ),
  form(/^copy (.*)$/i, ([, from], context) => {
    context.from = readPhrase(from!);
    return [];
  }),
  form(/^paste (?:it |the text )?(?:in|into|to)?\s*(.*)$/i, ([, to], { from }) => [
    { do: 'copy', from: from ?? readPhrase('text area'), to: readPhrase(to!) },
  ]),
  form(/^highlight (?:the text )?(?:in )?(.*)$/i, ([, target]) => [{ do: 'highlight', target: readPhrase(target!) }]),
  form(/^scroll (.*?)\s*(?:to the |to )?\b(top|bottom|up|down)\b/i, ([, target, to]) => [
    { do: 'scroll', target: readPhrase(target!), to: to!.toLowerCase() as 'top' },
  ]),
  form(
    /^(?:drag|move) (?:the )?(.*?)\s+((?:up|down|left|right)\b.*|to (?:the )?.*|onto .*|into .*)$/i,
    ([, target, where], context) => [{ do: 'drag', target: readPhrase(target!, context.within), to: readDestination(where!) }],
  ),
  form(/^focus (?:in|into|on)?\s*(.*)$/i, ([, target], context) => [click(target!, context)]),
  form(/\b(?:odd or even|even or odd)\b/i, () => [{ do: 'parity' }]),
  form(/^(?:solve|calculate|compute)\b/i, () => [{ do: 'calculate', target: readPhrase('text field') }]),
  form(/^(?:type|enter|write) (?:your |the )?(?:answer|result)\b/i, () => []),
  form(/^(?:type|enter|write) (?:the )?(?:total )?number of (.*?) (?:in|into)\b/i, ([, target]) => [
    { do: 'count', target: readPhrase(target!) },
  ]),
  form(/^find the (\d+)(?:st|nd|rd|th) word in (.*)$/i, ([, place, target]) => [
    { do: 'word', place: Number(place) - 1, target: readPhrase(target!) },
  ]),
  form(/^(?:type|enter|write) (?:that|it|the word) /i, () => []),
  form(/\bvalue (?:of|for) (.+?) (?:in|into) (.*)$/i, ([, key, target]) => [
    { do: 'look-up', key: key!, target: readPhrase(target!) },
  ]),
  form(/\bvalue that (?:corresponds|belongs)\b/i, () => [{ do: 'look-up-all' }]),
  form(/starts with "([^"]*)"(?:.*ends with "([^"]*)")?/i, ([, start, end = '']) => [
    { do: 'complete', start: start!, end, target: readPhrase('text field') },
  ]),
  form(
    /^(?:enter|type|write|input|put|fill(?: in)?|select|choose|pick|set)\b.*?(?:\d{1,2}\/\d{1,2}\/\d{4}|\d{4}-\d{2}-\d{2})/i,
    ({ 0: whole, input }) => {
      const [, month, day, year] = dates.exec(whole) ?? [];
      const [, isoYear, isoMonth, isoDay] = isoDates.exec(whole) ?? [];
      const target = readPhrase(input.slice(whole.length).replace(/\bas\b|\bdate\b/gi, ' '));
      return [
        { do: 'date', year: Number(year ?? isoYear), month: Number(month ?? isoMonth), day: Number(day ?? isoDay), target },
      ];
    },
  ),
  form(/^(?:select|choose|set|move to)\s+(?:the value )?(-?\d+)\s+(?:with|on|using) (.*slider.*)$/i, ([, value, target]) => [
    { do: 'slide', value: Number(value), target: readPhrase(target!) },
  ]),
  readTyping,
  readExpanding,
  readChoosing,
  form(
    /^(?:find|look for|search for) (?:the )?(?:e-?mail|message|mail|tweet|post) (?:by|from|of) (\S+)(.*)$/i,
    ([, name], context) => {
      context.within = name!.replace(/[,.]$/, '');
      return [];
    },
  ),
  readAct,
  form(/^(?:click|press|push|hit|tap|open|close|go to|use)\s*(?:on |in )?(.*)$/i, ([, target], context) => [
    click(target!, context),
  ]),
];

const acts: Record<string, readonly string[]> = {
  forward: ['forward'],
  reply: ['reply', 'respond', 'answer', 'say', 'tell', 'write back'],
  delete: ['delete', 'trash', 'remove', 'erase', 'get rid'],
  star: ['star', 'important', 'importance', 'favorite', 'flag'],
};

/** Something done to a mail or post that is known by its author. */
function readAct(clause: string, context: Context): Goal[] | undefined {
  if (/^(?:click|press|push|hit|tap)\b/i.test(clause)) return undefined;
  const plain = clause.replace(/"[^"]*"/g, ' ');
  const verb = Object.keys(acts).find((name) => acts[name]!.some((word) => new RegExp(`\\b${word}`, 'i').test(plain)));
  if (!verb && !/\b(?:send|give|e-?mail)\b/i.test(plain)) return undefined;
  const name = '([A-Z][\\w-]*)';
  const by = new RegExp(`\\b(?:from|by|to) ${name}(?='s)|${name}'s\\b|\\b(?:from|by) ${name}|${name} (?:sent|wrote)`).exec(plain);
  const text = /"([^"]*)"/.exec(clause)?.[1];
  const target = new RegExp(`\\b(?:to|for) ${name}\\b(?!'s)`).exec(plain)?.[1];
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

function readDestination(where: string): DragTo {
  const direction = /^(?:to the )?(up|down|left|right)\b/i.exec(where)?.[1]?.toLowerCase() as 'up' | undefined;
  if (direction && /\b(?:one|a|1) (?:position|place|step)/i.test(where)) return { by: direction === 'up' ? -1 : 1 };
  if (direction) return { direction };
  if (/\b(?:top|beginning|start)\b/i.test(where)) return { place: 0 };
  if (/\b(?:bottom|end)\b/i.test(where)) return { place: -1 };
  const place = readPlace(where);
  if (place !== undefined && /\bposition|place\b/i.test(where)) return { place };
  return { onto: readPhrase(where.replace(/^(?:to|onto|into)\b/i, '')) };
}

/** Typing: quoted texts and the fields they belong to. */
function readTyping(clause: string, { within }: Context): Goal[] | undefined {
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

function readExpanding(clause: string): Goal[] | undefined {
  const expand = /^expand (.*)$/i.exec(clause);
  if (expand) return [{ do: 'expand', target: readPhrase(expand[1]!) }];
  return /^switch between/i.test(clause) ? [] : undefined;
}

/** Choosing: names between commas, what is like some words, all of a colour, an option of a list, or an element by its kind. */
function readChoosing(clause: string, { within }: Context): Goal[] | undefined {
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
function listOf(text: string): string[] {
  return text
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+/)
    .map((name) => name.replace(/^["“]|["”]$/g, '').trim())
    .filter(Boolean);
}

/** One Submit at the end is enough. */
function mergeRepeated(goals: readonly Goal[]): Goal[] {
  return goals.filter((goal, index) => JSON.stringify(goal) !== JSON.stringify(goals[index - 1]));
}
