// Units of measure: how they are written, and what they are worth in another one of the same dimension.

/** By dimension: worth and spellings. Symbols that differ by case alone are told apart. */
const table: Record<string, Record<string, [worth: number, spellings: string]>> = {
  time: {
    second: [1, 'second seconds sec secs s'],
    minute: [60, 'minute minutes min mins'],
    hour: [3600, 'hour hours hr hrs h hourly'],
    day: [86_400, 'day days daily'],
    week: [604_800, 'week weeks weekly'],
    month: [2_592_000, 'month months monthly'],
    year: [31_536_000, 'year years yr yrs yearly annual annually annum'],
  },
  length: {
    meter: [1, 'meter meters metre metres m'],
    kilometer: [1000, 'kilometer kilometers kilometre kilometres km kms'],
    centimeter: [0.01, 'centimeter centimeters centimetre centimetres cm'],
    millimeter: [0.001, 'millimeter millimeters mm'],
    mile: [1609.344, 'mile miles mi'],
    foot: [0.3048, 'foot feet ft'],
    inch: [0.0254, 'inch inches'],
    yard: [0.9144, 'yard yards'],
  },
  mass: {
    kilogram: [1, 'kilogram kilograms kg kgs kilo kilos'],
    gram: [0.001, 'gram grams g'],
    milligram: [1e-6, 'milligram milligrams mg'],
    pound: [0.453_592, 'pound pounds lb lbs'],
    ounce: [0.028_349_5, 'ounce ounces oz'],
  },
  capacitance: {
    farad: [1, 'farad farads F'],
    millifarad: [1e-3, 'mF millifarad millifarads'],
    microfarad: [1e-6, 'µF μF uF microfarad microfarads'],
    nanofarad: [1e-9, 'nF nanofarad nanofarads'],
  },
  inductance: {
    henry: [1, 'henry henries henrys H'],
    millihenry: [1e-3, 'mH millihenry millihenries'],
    microhenry: [1e-6, 'µH μH uH microhenry microhenries'],
  },
  frequency: {
    hertz: [1, 'hertz Hz'],
    kilohertz: [1e3, 'kilohertz kHz'],
    megahertz: [1e6, 'megahertz MHz'],
    gigahertz: [1e9, 'gigahertz GHz'],
  },
  charge: { coulomb: [1, 'coulomb coulombs C'], microcoulomb: [1e-6, 'µC μC microcoulomb microcoulombs'] },
  current: { ampere: [1, 'ampere amperes amp amps A'], milliampere: [1e-3, 'mA milliampere milliamperes'] },
  voltage: { volt: [1, 'volt volts V'], kilovolt: [1e3, 'kV kilovolt kilovolts'] },
  power: { watt: [1, 'watt watts W'], kilowatt: [1e3, 'kW kilowatt kilowatts'] },
  temperature: {
    celsius: [1, 'celsius °C'],
    fahrenheit: [Number.NaN, 'fahrenheit °F'],
    kelvin: [Number.NaN, 'kelvin kelvins K'],
  },
  volume: {
    liter: [1, 'liter liters litre litres L'],
    milliliter: [0.001, 'milliliter milliliters ml mL'],
    gallon: [3.785, 'gallon gallons'],
  },
  share: { percent: [1, '% percent percentage'] },
  money: { currency: [1, 'dollar dollars euro euros usd USD eur EUR gbp GBP'] },
  other: {
    degree: [1, 'degree degrees °'],
    mole: [1, 'mole moles mol'],
    atmosphere: [1, 'atmosphere atmospheres atm'],
    pascal: [1, 'pascal pascals Pa'],
    joule: [1, 'joule joules J'],
    newton: [1, 'newton newtons N'],
    calorie: [1, 'calorie calories kcal'],
    beat: [1, 'beat beats bpm'],
    stage: [1, 'pm am'],
  },
};

interface Unit {
  name: string;
  dimension: string;
  worth: number;
}

const bySpelling = new Map<string, Unit>();
const byName = new Map<string, Unit>();
for (const [dimension, units] of Object.entries(table)) {
  for (const [name, [worth, spellings]] of Object.entries(units)) {
    const unit = { name, dimension, worth };
    byName.set(name, unit);
    for (const spelling of spellings.split(' ')) bySpelling.set(spelling, unit);
  }
}

/** The unit of a word, by its one name. */
export function unitOf(word: string): string | undefined {
  return (bySpelling.get(word) ?? (word.length > 2 ? bySpelling.get(word.toLowerCase()) : undefined))?.name;
}

/** The unit that a text has at a place, right behind a number. */
export function unitAt(text: string, at: number): string | undefined {
  const [, word] = /^[\s-]?([%°µμ]?[\p{L}]*)/u.exec(text.slice(at, at + 24)) ?? [];
  if (!word) return undefined;
  if (word === '°') return 'degree';
  return unitOf(word);
}

/** Whether both measure the same. */
export function sameDimension(first: string, second: string): boolean {
  return byName.get(first)?.dimension === byName.get(second)?.dimension;
}

/** How many of `to` one `from` is; undefined where that is not a matter of a factor. */
export function ratio(from: string, to: string): number | undefined {
  const [first, second] = [byName.get(from), byName.get(to)];
  if (!first || !second || first.dimension !== second.dimension || first.dimension === 'other') return undefined;
  const value = first.worth / second.worth;
  return Number.isFinite(value) ? value : undefined;
}
