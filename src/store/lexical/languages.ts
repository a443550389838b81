// Languages: whose words the index stems and whose stop words it leaves out, each loaded when it is first needed.
import { InpageError } from '../../util/errors.ts';

/** What is known of a language. */
export interface LanguageRules {
  /** The stem of a lower-case word. */
  stemmer?: (word: string) => string;
  stopwords: readonly string[];
}

// Lithuanian, Serbian and Slovenian are left out: their stop words are damaged or another language's.
const loaders = {
  ar: () => import('./languages/ar.ts'),
  bg: () => import('./languages/bg.ts'),
  da: () => import('./languages/da.ts'),
  de: () => import('./languages/de.ts'),
  el: () => import('./languages/el.ts'),
  en: () => import('./languages/en.ts'),
  es: () => import('./languages/es.ts'),
  fi: () => import('./languages/fi.ts'),
  fr: () => import('./languages/fr.ts'),
  ga: () => import('./languages/ga.ts'),
  hi: () => import('./languages/hi.ts'),
  hu: () => import('./languages/hu.ts'),
  hy: () => import('./languages/hy.ts'),
  id: () => import('./languages/id.ts'),
  it: () => import('./languages/it.ts'),
  ja: () => import('./languages/ja.ts'),
  ne: () => import('./languages/ne.ts'),
  nl: () => import('./languages/nl.ts'),
  no: () => import('./languages/no.ts'),
  pt: () => import('./languages/pt.ts'),
  ro: () => import('./languages/ro.ts'),
  ru: () => import('./languages/ru.ts'),
  sv: () => import('./languages/sv.ts'),
  ta: () => import('./languages/ta.ts'),
  tr: () => import('./languages/tr.ts'),
  uk: () => import('./languages/uk.ts'),
  zh: () => import('./languages/zh.ts'),
} satisfies Record<string, () => Promise<LanguageRules>>;

/** A language as ISO 639-1 has it, or `und` (undetermined: words are indexed as they are). */
export type Language = keyof typeof loaders | 'und';

/** All that can be asked for. */
export const languages: readonly Language[] = ['und', ...(Object.keys(loaders) as Language[])];

/** @throws InpageError `invalid-argument` */
export function checkLanguage(language: string): Language {
  if (languages.includes(language as Language)) return language as Language;
  throw new InpageError(
    'invalid-argument',
    `There are no rules for the language "${language}"; use one of ${languages.join(', ')}.`,
  );
}

/** Loads what is known of a language. @throws InpageError `invalid-argument` for one that is not in {@link languages} */
export async function loadLanguage(language: string): Promise<LanguageRules> {
  const checked = checkLanguage(language);
  return checked === 'und' ? { stopwords: [] } : loaders[checked]();
}
