// Reads a regular expression as the set of texts that it describes. What a single character may be says the platform's own
// engine, so that classes and properties mean what they mean in `RegExp`.
import { InpageError } from '../../util/errors.ts';
import { compilePattern } from '../../util/json-schema/pattern.ts';
import { anyCharacter, characters, choice, type Expression, type Range, repeat, sequence } from './expression.ts';

/** Options of {@link parseRegex}. */
export interface ParseOptions {
  /** Describes texts that have a match in them, as `pattern` of JSON Schema does, instead of texts that are one. */
  search?: boolean;
}

/** A class, an escape, or one character. */
const atom = /\[(?:\\.|[^\]\\])*\]|\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|.)|./isuy;
const group = /\((?:\?:|\?<(?![=!])[^>]*>)?/y;
const quantifier = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const elsewhere = /\\[bBk1-9]|[$^]/y;

/**
 * @param source of a valid regular expression
 * @throws InpageError `output-unsupported` that names what looks around a text instead of describing it
 */
export function parseRegex(source: string, { search = false }: ParseOptions = {}): Expression {
  let at = 0;
  let depth = 0;

  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) at += match[0].length;
    return match ?? undefined;
  };

  const alternatives = (): Expression => {
    const options = [alternative()];
    while (take(/\|/y)) options.push(alternative());
    return choice(...options);
  };

  const alternative = (): Expression => {
    const parts: Expression[] = [];
    const free = search && depth === 0;
    // Where a whole text begins and ends anyway.
    if (!(depth === 0 && take(/\^/y)) && free) parts.push(repeat(anyCharacter));
    while (at < source.length && source[at] !== '|' && !(source[at] === ')' && depth > 0)) {
      if (depth === 0 && take(/\$(?=\||$)/y)) return sequence(...parts);
      parts.push(repeated(single()));
    }
    return sequence(...parts, ...(free ? [repeat(anyCharacter)] : []));
  };

  const single = (): Expression => {
    const start = at;
    if (take(group)) {
      if (source[at] === '?') refuse(start);
      depth++;
      const inside = alternatives();
      depth--;
      at++;
      return inside;
    }
    if (take(elsewhere)) refuse(start);
    return characterSet(take(atom)![0]);
  };

  const repeated = (part: Expression): Expression => {
    const match = take(quantifier);
    if (!match) return part;
    const [, sign, least = '', comma, most] = match;
    if (sign) return repeat(part, sign === '+' ? 1 : 0, sign === '?' ? 1 : undefined);
    return repeat(part, Number(least), most ? Number(most) : comma ? undefined : Number(least));
  };

  const refuse = (place: number): never => {
    throw new InpageError(
      'output-unsupported',
      `The regular expression ${source} cannot be enforced because of its part at ${place}: anchors inside it, word boundaries, ` +
        'look-around, back-references and flags are not supported.',
      { detail: { regex: source, at: place } },
    );
  };

  return alternatives();
}

const known = new Map<string, Expression>();

/** What one character that an atom matches may be. */
function characterSet(atom: string): Expression {
  if (atom !== '.' && !/^[[\\]/.test(atom)) return characters(atom);
  let set = known.get(atom);
  if (!set) {
    const runs = new RegExp(`${atom}+`, compilePattern(atom).unicode ? 'gu' : 'g');
    const ranges = everyCharacter().flatMap((all) =>
      Array.from(all.matchAll(runs), ([run]): Range => [run.codePointAt(0)!, Array.from(run.slice(-2)).at(-1)!.codePointAt(0)!]),
    );
    set = { kind: 'set', ranges };
    known.set(atom, set);
  }
  return set;
}

let everything: readonly string[] | undefined;

/** All characters there are, in order. */
function everyCharacter(): readonly string[] {
  everything ??= (anyCharacter as Extract<Expression, { kind: 'set' }>).ranges.map(([first, last]) => {
    let text = '';
    for (let point = first; point <= last; point++) text += String.fromCodePoint(point);
    return text;
  });
  return everything;
}
