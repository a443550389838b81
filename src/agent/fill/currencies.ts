// Codes of currencies (ISO 4217) by the names that the runtime knows of them.
import { foldWord } from '../../cite/evidence.ts';
import { readWords } from './words.ts';

let codes: ReadonlyMap<string, string> | undefined;

/** The code of a currency that a phrase names; undefined where it names none. */
export function currencyCode(phrase: string): string | undefined {
  codes ??= readCodes();
  return codes.get(key(phrase));
}

function readCodes(): Map<string, string> {
  const names = new Intl.DisplayNames('en', { type: 'currency' });
  const found = new Map<string, string>();
  const bySuffix = new Map<string, Set<string>>();
  for (const code of Intl.supportedValuesOf('currency')) {
    const name = names.of(code)!;
    // Those of the past have their years in brackets.
    if (name === code || /\(/.test(name)) continue;
    found.set(key(name), code);
    found.set(key(code), code);
    const last = key(name.split(' ').at(-1)!);
    bySuffix.set(last, (bySuffix.get(last) ?? new Set()).add(code));
  }
  for (const [last, set] of bySuffix) if (set.size === 1 && !found.has(last)) found.set(last, [...set][0]!);
  // The ones that are meant where no country is named.
  for (const [name, code] of [
    ['dollar', 'USD'],
    ['pound', 'GBP'],
    ['united states dollar', 'USD'],
    ['american dollar', 'USD'],
    ['usd dollar', 'USD'],
    ['rupee', 'INR'],
    ['yuan', 'CNY'],
    ['pound sterling', 'GBP'],
    ['franc', 'CHF'],
  ] as const)
    found.set(key(name), code);
  return found;
}

function key(name: string): string {
  return readWords(name.toLowerCase())
    .map(({ lower }) => foldWord(lower))
    .join(' ');
}
