// Reads an instruction into goals: cut into clauses at their verbs, each clause by the forms that instructions have.
import { type Context, listOf, readAct, readChoosing, readDay, readDestination, readTyping } from './clause-forms.ts';
import type { Goal } from './goal.ts';
import { readPhrase, readPlace } from './phrase.ts';

const verbs =
  'click|press|push|hit|tap|select|choose|pick|check|tick|mark|enter|type|write|fill|input|put|drag|move|scroll|copy|paste|highlight|' +
  'focus|find|search|expand|open|submit|wait|forward|reply|delete|send|use|switch|set|go|add|order|solve|sign|log|agree|cancel|book|close';

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
    /^(?:drag|move) (all )?(?:the )?(.*?)\s+((?:up|down|left|right)\b.*|to (?:the )?.*|onto .*|into .*|so that .*)$/i,
    ([, all, target, where], { within }) => [
      { do: 'drag', target: readPhrase(target!, within), to: readDestination(where!), ...(all && { all: true }) },
    ],
  ),
  form(/^focus (?:in|into|on)?\s*(.*)$/i, ([, target], context) => [click(target!, context)]),
  form(/\b(?:odd or even|even or odd)\b/i, () => [{ do: 'parity' }]),
  form(/^(?:solve|calculate|compute)\b/i, () => [{ do: 'calculate', target: readPhrase('text field') }]),
  form(/^(?:type|enter|write) (?:your |the )?(?:answer|result)\b/i, () => []),
  form(/^(?:type|enter|write) (?:the )?(?:total )?number of (.*?) (?:in|into)\b/i, ([, target]) => [
    { do: 'count', target: readPhrase(target!) },
  ]),
  form(/^how many (.*?)(?: are (?:there|shown|visible).*)?\??$/i, ([, target]) => [{ do: 'count', target: readPhrase(target!) }]),
  form(/^find the (\S+) word in (.*)$/i, ([, place, target]) => [
    { do: 'word', place: readPlace(place!) ?? 0, target: readPhrase(target!) },
  ]),
  form(/^(?:order|buy|add)\b[^:]*: (.*)$/i, ([, items]) => [{ do: 'add', items: listOf(items!) }]),
  form(/^use (?:the )?(.*?) to (?:enter|type|write) (.*)$/i, ([, target, text], context) =>
    readTyping(`enter ${text} into ${target}`, context),
  ),
  form(/^(?:type|enter|write) (?:that|it|the word) /i, () => []),
  form(/\bvalue (?:of|for) (.+?) (?:in|into) (.*)$/i, ([, key, target]) => [
    { do: 'look-up', key: key!, target: readPhrase(target!) },
  ]),
  form(/\bvalue that (?:corresponds|belongs)\b/i, () => [{ do: 'look-up-all' }]),
  form(/starts with "([^"]*)"(?:.*ends with "([^"]*)")?/i, ([, start, end = '']) => [
    { do: 'complete', start: start!, end, target: readPhrase('text field') },
  ]),
  readDay,
  form(
    /^(?:select|choose|set|move to)\s+(?:the value )?(-?\d+)\s+(?:with|on|using) (.*(?:slider|spinner|spin button).*)$/i,
    ([, value, target]) => [{ do: 'slide', value: Number(value), target: readPhrase(target!) }],
  ),
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

function readExpanding(clause: string): Goal[] | undefined {
  const expand = /^expand (.*)$/i.exec(clause);
  if (expand) return [{ do: 'expand', target: readPhrase(expand[1]!) }];
  return /^switch between/i.test(clause) ? [] : undefined;
}

/** One Submit at the end is enough. */
function mergeRepeated(goals: readonly Goal[]): Goal[] {
  return goals.filter((goal, index) => JSON.stringify(goal) !== JSON.stringify(goals[index - 1]));
}
