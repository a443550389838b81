// Decimal numbers between two bounds, digit by digit.
import { choice, type Expression, literal, sequence } from './expression.ts';
import { maxDigits } from './json.ts';

/**
 * Numbers from `least` to `most` with at most `decimals` digits after the point.
 * @param least counted in units of the last digit, as `most`; beyond what is exact they are cut
 */
export function decimalsBetween(least: number, most: number, decimals: number): Expression {
  const limit = 10 ** maxDigits - 1;
  const [from, to] = [Math.max(least, -limit), Math.min(most, limit)];
  const options: Expression[] = [];
  if (to >= 0) options.push(...unsigned(Math.max(0, from), to, decimals));
  if (from < 0) {
    const negative = unsigned(Math.max(1, -to), -from, decimals);
    options.push(...negative.map((each) => sequence(literal('-'), each)));
  }
  return choice(...options);
}

/** One expression for each number of digits. */
function unsigned(from: number, to: number, decimals: number): Expression[] {
  const options: Expression[] = [];
  for (let digits = 1; digits + decimals <= maxDigits; digits++) {
    const least = Math.max(from, digits === 1 ? 0 : 10 ** (digits - 1 + decimals));
    const most = Math.min(to, 10 ** (digits + decimals) - 1);
    if (least <= most) options.push(between(written(least, decimals), written(most, decimals)));
  }
  return options;
}

function written(units: number, decimals: number): string {
  const digits = String(units).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** What lies between two texts of one length and shape in the order of their digits, both included. */
function between(from: string, to: string): Expression {
  if (from === to) return literal(from);
  const [low = '', high = ''] = [from[0], to[0]];
  const [restLow, restHigh] = [from.slice(1), to.slice(1)];
  const zeros = restLow.replace(/\d/g, '0');
  const nines = restLow.replace(/\d/g, '9');
  if (low === high) return sequence(literal(low), between(restLow, restHigh));
  // The same is free for several first digits: one step, not one for each.
  const first = restLow === zeros ? Number(low) : Number(low) + 1;
  const last = restHigh === nines ? Number(high) : Number(high) - 1;
  const options: Expression[] = [];
  if (first <= last) options.push(sequence(digits(first, last), free(restLow)));
  if (restLow !== zeros) options.push(sequence(literal(low), between(restLow, nines)));
  if (restHigh !== nines) options.push(sequence(literal(high), between(zeros, restHigh)));
  return choice(...options);
}

/** Any digits, in the shape of a text. */
function free(shape: string): Expression {
  return sequence(...Array.from(shape, (character) => (character === '.' ? literal('.') : digits(0, 9))));
}

function digits(first: number, last: number): Expression {
  return { kind: 'set', ranges: [[0x30 + first, 0x30 + last]] };
}
