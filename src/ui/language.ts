// Which language an element speaks, and which way it is written.

/** The languages that labels are there in. */
export type Language = 'en' | 'zh' | 'de' | 'ar';

const languages: readonly Language[] = ['en', 'zh', 'de', 'ar'];

/** The nearest language with labels for a BCP 47 tag such as `de-AT`; English where there is none. */
export function languageOf(tag: string): Language {
  const primary = tag.toLowerCase().split(/[-_]/)[0];
  return languages.find((language) => language === primary) ?? 'en';
}

/** The tag that an element stands under: its own `lang`, that of the elements around it, or the browser's. */
export function tagOf(element: Element): string {
  return element.closest('[lang]')?.getAttribute('lang') || navigator.language || 'en';
}

/** Direction of the labels. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}
