// How far one text supports a sentence, judged from words alone.
import { words } from '../util/text.ts';

/** What is compared of a text. */
export interface Evidence {
  /** Content words, folded to a stem-like form. */
  terms: ReadonlySet<string>;
  /** Numbers, and names of months. */
  numbers: ReadonlySet<string>;
  /** Numbers with the unit behind them, like `300 g`. */
  quantities: ReadonlySet<string>;
  negated: boolean;
}

// Words that say nothing about the content, in the languages that small models answer in most.
const empty = new Set(
  (
    'the and for are was were with that this from have has had not but you your can will its into than then they their there which ' +
    'who whom what when where how why our out all any each some such only own same too very just also been being does did doing ' +
    'about above after again before below between both during few more most other over under until while would could should may ' +
    'might must shall upon per via der die das und ist ein eine einer einen den dem des mit von für auf im zu zum zur nicht sich ' +
    'les des une est dans pour par sur avec los las una por con para del que'
  ).split(' '),
);

// Small numbers are written either way.
const numerals = new Map(
  [
    'one two three four five six seven eight nine ten eleven twelve',
    'eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf',
    'uno dos tres cuatro cinco seis siete ocho nueve diez once doce',
    'un deux trois quatre cinq six sept huit neuf dix onze douze',
  ].flatMap((row) => row.split(' ').map((word, i) => [word, String(i + 1)] as const)),
);
// Read as an article far more often than as a number.
for (const article of ['one', 'un', 'uno', 'once']) numerals.delete(article);

// A date that differs in its month is another date. May is more often a verb.
const months = new Set(
  (
    'january february march april june july august september october november december ' +
    'januar februar märz juni juli oktober dezember'
  ).split(' '),
);

/** Units by the ways they are written; the same number of another unit is another fact. */
const units = new Map(
  Object.entries({
    g: 'gram grams gramm',
    kg: 'kilogram kilograms kilo kilos kilogramm',
    mg: 'milligram milligrams milligramm',
    mm: 'millimeter millimeters millimetre millimetres',
    cm: 'centimeter centimeters centimetre centimetres zentimeter',
    m: 'meter meters metre metres',
    km: 'kilometer kilometers kilometre kilometres',
    mile: 'miles meile meilen',
    foot: 'feet ft',
    inch: 'inches zoll',
    pound: 'pounds lb lbs pfund',
    l: 'liter liters litre litres',
    ml: 'milliliter milliliters millilitre millilitres',
    s: 'second seconds sec sekunde sekunden',
    min: 'minute minutes minuten',
    h: 'hour hours stunde stunden',
    d: 'day days tag tage tagen',
    week: 'weeks woche wochen',
    month: 'months monat monate monaten',
    year: 'years jahr jahre jahren',
    kb: 'kilobyte kilobytes',
    mb: 'megabyte megabytes',
    gb: 'gigabyte gigabytes',
    w: 'watt watts',
    v: 'volt volts',
    million: 'millions millionen',
    billion: 'billions milliarde milliarden',
    thousand: 'tausend',
    percent: 'prozent',
  }).flatMap(([unit, spellings]) => [unit, ...spellings.split(' ')].map((word) => [word, unit] as const)),
);

const negation =
  /\b(?:not|no|never|none|cannot|without|nicht|kein\w*|nie|ohne|ne|pas|jamais|sans|nunca|sin)\b|n['’]t\b|[不没無未非]|ません|ない/iu;

/** Prepares a text for comparison. */
export function evidence(text: string): Evidence {
  const terms = new Set<string>();
  const numbers = new Set<string>();
  const quantities = new Set<string>();
  let before: string | undefined;
  for (const spoken of words(text)) {
    const word = numerals.get(spoken) ?? spoken;
    const unit = units.get(word);
    if (before && unit) quantities.add(`${before} ${unit}`);
    before = undefined;
    // A unit may be written right behind its number.
    const [, attached, short] = /^(\d+)([a-z]+)$/.exec(word) ?? [];
    if (attached && units.has(short!)) {
      numbers.add(attached.replace(/^0+(?=\d)/, ''));
      quantities.add(`${attached} ${units.get(short!)}`);
    } else if (/^\p{N}/u.test(word)) {
      before = word.replace(/^0+(?=\d)/, '');
      numbers.add(before);
    } else if (months.has(word)) numbers.add(word);
    else if (word.length > 2 || /[^\p{ASCII}]/u.test(word)) if (!empty.has(word)) terms.add(foldWord(word));
  }
  return { terms, numbers, quantities, negated: negation.test(text) };
}

/** Cuts common endings, so that "resets" and "reset" meet; the result need not be a word. */
export function foldWord(word: string): string {
  if (/[^a-z]/.test(word) || word.length < 5) return word.replace(/s$/, '');
  return word
    .replace(/(?:ings?|edly|ed|es|s|ly|ation|ations)$/, '')
    .replace(/(.)\1$/, '$1')
    .replace(/e$/, '');
}

/**
 * @returns 0–1: the share of the claim's terms and numbers that the source has; 0 if a number is missing or has another unit, or only
 * one of the two is negated, because then the source says something else
 */
export function support(claim: Evidence, source: Evidence): number {
  for (const number of claim.numbers) if (!source.numbers.has(number)) return 0;
  if (claim.negated !== source.negated || otherUnit(claim, source)) return 0;
  const total = claim.terms.size + claim.numbers.size;
  // One word alone says nothing that could be supported.
  if (total < 2) return 0;
  let found = claim.numbers.size;
  for (const term of claim.terms) if (source.terms.has(term)) found++;
  return found / total;
}

/** Whether the source gives a number of the claim with other units only. */
function otherUnit(claim: Evidence, source: Evidence): boolean {
  return [...claim.quantities].some((quantity) => {
    const number = quantity.slice(0, quantity.indexOf(' ') + 1);
    return !source.quantities.has(quantity) && [...source.quantities].some((other) => other.startsWith(number));
  });
}
