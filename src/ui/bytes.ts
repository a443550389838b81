// Sizes as a reader sees them.

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** `812 bytes`, `4.2 kB`, `137 MB`: decimal units, as browsers show downloads. @param language BCP 47 @default 'en' */
export function bytes(value: number, language = 'en'): string {
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power > 0 && scaled < 10 ? 1 : 0,
    minimumFractionDigits: power > 0 && scaled < 10 ? 1 : 0,
  }).format(scaled);
}
