// Cuts text into sentences that a reader of plain text or Markdown would see: lines first (blank lines, headings, list items,
// table rows, code), then Unicode sentence boundaries (UAX #29, Intl.Segmenter) within the lines that flow together.
import { isSpace } from './characters.ts';
import { cutBefore } from './cut-before.ts';

/** A stretch of a text, in UTF-16 code units. */
export interface TextRange {
  start: number;
  /** One past the last. */
  end: number;
}

/** What lies before a unit: nothing but a sentence end, a new line with meaning, a new paragraph, or a heading. */
export type Boundary = 'sentence' | 'line' | 'paragraph' | 'heading';

/** A sentence, a line of code, a table row or a heading; without white space around it, never empty. */
export interface TextUnit extends TextRange {
  boundary: Boundary;
  /** The code fence open before the unit's line, e.g. '```', or ''. */
  fence: string;
}

/** Where a text starts that continues another. */
export interface SplitState {
  /** Code fence open at the start. @default '' */
  fence?: string;
  /** Whether the first character starts a line. @default true */
  lineStart?: boolean;
}

/** Intl.Segmenter takes quadratic time, so it sees at most this many code units at once; longer sentences are cut. */
const windowLength = 2_048;

type LineKind = 'blank' | 'fence' | 'heading' | 'row' | 'rule' | 'item' | 'quote' | 'text';

/** Sentences of a text in order, without the white space around them. Everything else in the text is in one of them. */
export function splitSentences(text: string): TextRange[] {
  return splitUnits(text).map(({ start, end }) => ({ start, end }));
}

/** Like {@link splitSentences}, with what lies before each sentence. */
export function splitUnits(text: string, { fence = '', lineStart = true }: SplitState = {}): TextUnit[] {
  const units: TextUnit[] = [];
  let boundary: Boundary = 'sentence';
  /** Start of the lines that flow together, or −1. */
  let blockStart = -1;
  let blockEnd = 0;
  let previous: LineKind = 'blank';
  let nextTab = text.indexOf('\t');

  const raise = (to: Boundary) => {
    if (rank[to] > rank[boundary]) boundary = to;
  };
  const emit = (from: number, to: number, sentences: boolean) => {
    for (const { start, end } of sentences ? sentencesOf(text, from, to) : windowsOf(text, from, to)) {
      units.push({ start, end, boundary, fence });
      boundary = 'sentence';
    }
  };
  const flush = () => {
    if (blockStart >= 0) emit(blockStart, blockEnd, true);
    blockStart = -1;
  };
  const alone = (from: number, to: number, before: Boundary, after: Boundary) => {
    flush();
    raise(before);
    emit(from, to, true);
    raise(after);
  };

  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    while (nextTab >= 0 && nextTab < at) nextTab = text.indexOf('\t', at);
    const first = skipSpace(text, at, end);
    const kind = at === 0 && !lineStart ? 'text' : lineKind(text, first, end, nextTab);

    if (fence) {
      emit(at, end, false);
      raise('line');
      if (kind === 'fence' && text.startsWith(fence, first) && isBlank(text, first + fence.length, end, fence[0])) {
        fence = '';
        raise('paragraph');
      }
    } else if (kind === 'blank') {
      flush();
      raise('paragraph');
    } else if (kind === 'fence') {
      flush();
      raise('paragraph');
      emit(at, end, false);
      raise('line');
      fence = fencePattern.exec(text.slice(first, Math.min(end, first + 200)))![1]!;
    } else if (kind === 'heading') alone(at, end, 'heading', 'paragraph');
    else if (kind === 'row') alone(at, end, 'line', 'line');
    else if (kind === 'rule') {
      // Under a paragraph it makes that paragraph a heading.
      if (blockStart >= 0) blockEnd = end;
      else emit(at, end, true);
      flush();
      raise('paragraph');
    } else {
      const starts = kind === 'item' || (kind === 'quote' && previous !== 'quote');
      if (starts || (blockStart >= 0 && endsSentence(text, blockEnd))) flush();
      if (kind === 'item') raise('line');
      else if (starts) raise('paragraph');
      if (blockStart < 0) blockStart = at;
      blockEnd = end;
    }
    previous = kind;
    at = end + 1;
  }
  flush();
  return units;
}

const rank: Readonly<Record<Boundary, number>> = { sentence: 0, line: 1, paragraph: 2, heading: 3 };

const fencePattern = /^(?:(?:[-*+•]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})/;
const headingPattern = /^#{1,6}(?:[ \t\r]|$)/;
const rulePattern = /^(?:(?:-[ \t]*){2,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+)\s*$/;
const itemPattern = /^(?:[-*+•‣◦▪–]|\d{1,9}[.)])[ \t]/;

/** @param first offset of the line's first character that is not white space */
function lineKind(text: string, first: number, end: number, nextTab: number): LineKind {
  if (first >= end) return 'blank';
  const head = text.slice(first, Math.min(end, first + 200));
  if (headingPattern.test(head)) return 'heading';
  if (fencePattern.test(head)) return 'fence';
  if (end - first <= 200 && rulePattern.test(head)) return 'rule';
  if (itemPattern.test(head)) return 'item';
  if (head[0] === '|' || (nextTab > first && nextTab < end)) return 'row';
  return head[0] === '>' ? 'quote' : 'text';
}

function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Whether nothing but white space, or `also`, is left of a line. */
function isBlank(text: string, from: number, to: number, also: string | undefined): boolean {
  for (let at = from; at < to; at++) if (!isSpace(text.charCodeAt(at)) && text[at] !== also) return false;
  return true;
}

function trimmed(text: string, from: number, to: number): TextRange | undefined {
  const start = skipSpace(text, from, to);
  let end = to;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return end > start ? { start, end } : undefined;
}

const lineEndPattern = /\p{Sentence_Terminal}[\p{Quotation_Mark}\p{Pe}*_]*\s*$/u;

/** Whether the text before `end` ends a sentence, so that the next line starts one even in lower case. */
function endsSentence(text: string, end: number): boolean {
  const tail = text.slice(Math.max(0, end - 24), end);
  return lineEndPattern.test(tail) && !abbreviationPattern.test(tail);
}

/** A stretch in windows of bounded length, cut at white space where there is some. */
function windowsOf(text: string, from: number, to: number): TextRange[] {
  const ranges: TextRange[] = [];
  for (let at = from; at < to; ) {
    const end = to - at <= windowLength ? to : cutBefore(text, at, at + windowLength);
    const range = trimmed(text, at, end);
    if (range) ranges.push(range);
    at = end;
  }
  return ranges;
}

const terminalInside = /\p{Sentence_Terminal}.*\S/u;
let segmenter: Intl.Segmenter | undefined;

/** Sentences of lines that flow together. */
function sentencesOf(text: string, from: number, to: number): TextRange[] {
  const ranges: TextRange[] = [];
  for (let at = from; at < to; ) {
    let end = to - at <= windowLength ? to : cutBefore(text, at, at + windowLength);
    // UAX #29 ends a sentence at every line break; here the lines flow together. One character stays one character.
    const flowing = text.slice(at, end).replace(/[\n\r\v\f\u0085\u2028\u2029]/g, ' ');
    if (end === to && !terminalInside.test(flowing)) {
      const range = trimmed(text, at, end);
      if (range) ranges.push(range);
      break;
    }
    const starts = sentenceStarts(flowing);
    // The last sentence of a window may go on after it.
    if (end < to && starts.length > 1) end = at + starts.pop()!;
    starts.forEach((start, i) => {
      const range = trimmed(text, at + start, i + 1 < starts.length ? at + starts[i + 1]! : end);
      if (range) ranges.push(range);
    });
    at = end;
  }
  return ranges;
}

const openingPattern = /[\p{Ps}\p{Pi}]+\s*$/u;

/** Offsets at which sentences start, the first of them 0. */
function sentenceStarts(text: string): number[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'sentence' });
  const starts = [0];
  for (const { index } of segmenter.segment(text)) {
    if (index === 0) continue;
    const last = starts.at(-1)!;
    // An opening bracket belongs to what follows it.
    const tail = text.slice(Math.max(last, index - 24), index);
    const start = index - (openingPattern.exec(tail)?.[0].length ?? 0);
    if (start > last && !isAbbreviated(tail, text.slice(index, index + 16))) starts.push(start);
  }
  return starts;
}

const abbreviationPattern =
  /(?:^|[\s(\p{Pi}"'])(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|al|e\.g|i\.e|cf|approx|ca|Fig|Figs|Eq|Sec|Abb|bzw|ggf|evtl|inkl|Nr|No|Vol|pp|z\. ?B|d\. ?h|u\. ?a|[a-z]|\d{1,3})\.\s*$/u;
const initialPattern = /(?:^|\p{Lu}[\p{L}.]*\s+)\p{Lu}\.\s*$/u;
const afterNumber = /^\p{N}/u;
const sentenceOpener = /^(?:The|This|That|These|It|If|In|An?|We|You|He|She|They|Then|There|But|And|For|To|When|How|What)\b/;

/** Whether the full stop at the end of `before` belongs to an abbreviation, an initial or the number of a list item. */
function isAbbreviated(before: string, after: string): boolean {
  const found = abbreviationPattern.exec(before)?.[0].trim();
  if (found === undefined) return initialPattern.test(before) && !sentenceOpener.test(after);
  // "There were 12. Then …" ends, "12. Open the lid" at the start of its line does not; "No. 5" does not, "I said no. He …" does.
  if (/^\d/.test(found)) return before.trim() === found;
  return /^No\.$/.test(found) ? afterNumber.test(after) : true;
}
