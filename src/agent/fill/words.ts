// Words of a request with their places, and what kind of words they are.
import { foldWord } from '../../cite/evidence.ts';

/** A word of a text. */
export interface Word {
  text: string;
  /** Lower case. */
  lower: string;
  /** Without common endings, so that "player" and "players" meet. */
  stem: string;
  start: number;
  end: number;
}

/** Words in their order; marks inside a word, as in `rs-1` and `O'Hara`, belong to it. */
export function readWords(text: string): Word[] {
  return Array.from(text.matchAll(/[\p{L}\p{N}]+(?:['’.\-_/@&+#][\p{L}\p{N}]+)*[#+]*/gu), (match) => {
    const lower = match[0].toLowerCase();
    return { text: match[0], lower, stem: stem(lower), start: match.index, end: match.index + match[0].length };
  });
}

/** @param word in lower case */
export function stem(word: string): string {
  return foldWord(word.replace(/['’]s$/, ''));
}

/** Words of a name in any of the usual spellings, in lower case: `startDate`, `start_date`, `start-date`. */
export function nameWords(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Za-z])(\d)/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

const list = (text: string) => new Set(text.split(' '));

/** Words that are no part of a value unless it is a name. */
export const functionWords = list(
  'a an the this that these those my your his her its our their i you he she it we they me him us them and or but nor so if then ' +
    'than as of in on at to from by for with without within into onto over under about above below between among through during ' +
    'before after until since per via near around against towards upon off out up down is are was were be been being am do does ' +
    'did has have had having can could will would shall should may might must not no what which who whom whose when where why how ' +
    'there here also too just only very please all any some each both another other same using use used given where while let ' +
    "what's i'm i'd i'll it's don't who's where's that's let's include including based respectively least most such",
);

/** Verbs and courtesies that requests begin with. */
export const askingWords = list(
  'find calculate compute get give show tell provide determine search look locate list fetch retrieve identify check help need want ' +
    'like know see book order create make generate predict estimate convert plan play add update solve analyze evaluate return ' +
    'recommend suggest compare set schedule reserve buy purchase send draw plot sort print start begin run perform obtain ' +
    'could would please can display describe explain obtain figure go tell many much long far old latest current currently',
);

/** Words that lead to what follows them. */
export const leadWords = list(
  'in at from to of for by on with about between and named called titled or like near around into within through is as are against',
);
