// Secrets: the model writes `{{name}}`, a tool gets the value, and a value that comes back is its name again.
import { InpageError } from '../util/errors.ts';

/** A run's secrets; values never leave it but into a tool. */
export class Secrets {
  readonly #values: ReadonlyMap<string, string>;
  /** How values may look in what tools give, with their placeholders; the longest first. */
  readonly #shapes: readonly (readonly [shape: string, placeholder: string])[];

  /** @throws InpageError `invalid-argument` for a name that is no word, or a value shorter than four characters: masking it would tear texts apart */
  constructor(secrets: Readonly<Record<string, string>> = {}) {
    for (const [name, value] of Object.entries(secrets)) {
      if (/^[\w-]{1,64}$/.test(name) && typeof value === 'string' && value.length >= 4) continue;
      const message = `The secret "${name}" needs a name of letters, digits, "_" and "-", and a value of at least four characters.`;
      throw new InpageError('invalid-argument', message, { detail: { name } });
    }
    this.#values = new Map(Object.entries(secrets));
    this.#shapes = [...this.#values]
      .flatMap(([name, value]) => [...shapesOf(value)].map((shape) => [shape, `{{${name}}}`] as const))
      .sort(([a], [b]) => b.length - a.length);
  }

  /** Whether a placeholder of one of them is somewhere in a value. */
  used(value: unknown): boolean {
    let found = false;
    if (this.#values.size > 0) {
      mapTexts(value, (text) => {
        found ||= [...text.matchAll(placeholder)].some(([, name]) => this.#values.has(name!));
        return text;
      });
    }
    return found;
  }

  /** A copy with the values in place of their placeholders. */
  reveal<T>(value: T): T {
    if (this.#values.size === 0) return value;
    return mapTexts(value, (text) => text.replace(placeholder, (whole, name) => this.#values.get(name) ?? whole)) as T;
  }

  /** A copy with placeholders in place of the values, also of those in the usual encodings. */
  mask<T>(value: T): T {
    if (this.#values.size === 0) return value;
    return mapTexts(value, (text) => this.#shapes.reduce((masked, [shape, name]) => masked.replaceAll(shape, name), text)) as T;
  }
}

const placeholder = /\{\{\s*([\w-]+)\s*\}\}/g;

/** A value as it is, and as JSON, addresses, forms and Base64 have it. */
function shapesOf(value: string): Set<string> {
  const bytes = String.fromCharCode(...new TextEncoder().encode(value));
  const encoded = encodeURIComponent(value);
  // Where Base64 begins elsewhere than at the value, its middle is one of these.
  const base64 = [0, 1, 2].map((shift) => {
    const whole = btoa('\0'.repeat(shift) + bytes).replace(/=+$/, '');
    return whole.slice(shift === 0 ? 0 : shift + 1, whole.length - ((bytes.length + shift) % 3 === 0 ? 0 : 1));
  });
  const reversed = [...value].reverse().join('');
  const all = [JSON.stringify(value).slice(1, -1), encoded, encoded.replaceAll('%20', '+'), reversed, ...base64];
  // Shorter ones occur by chance.
  return new Set([value, ...all.filter((shape) => shape.length >= 6)]);
}

/** A copy of plain data in which texts, names of properties too, are replaced. */
function mapTexts(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [replace(name), mapTexts(each, replace)]));
}
