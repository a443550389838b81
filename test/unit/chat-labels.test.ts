// The languages of the assistant's element: every label is there, with the same words to fill in.
import { describe, expect, test } from 'vitest';
import { directionOf, languageOf } from '../../src/ui/language.ts';
import { launcherLabels } from '../../src/ui/launcher-labels.ts';
import { filled, type PanelLabels, panelLabels } from '../../src/ui/panel-labels.ts';

describe('languages', () => {
  test('are found by the primary subtag, and English stands in for the rest', () => {
    expect(['de-AT', 'zh-Hant-TW', 'AR_eg', 'en', 'fr', 'deu', ''].map(languageOf)).toEqual([
      'de',
      'zh',
      'ar',
      'en',
      'en',
      'en',
      'en',
    ]);
    expect([directionOf('ar'), directionOf('zh')]).toEqual(['rtl', 'ltr']);
  });
});

describe('labels', () => {
  const wordsIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([word]) => word).sort();

  test('fill in the same words in every language, and none is empty or left in English', () => {
    for (const [language, labels] of Object.entries(panelLabels)) {
      for (const [name, label] of Object.entries(labels)) {
        const english = panelLabels.en[name as keyof PanelLabels];
        expect(wordsIn(label), `${language}.${name}`).toEqual(wordsIn(english));
        expect(label.trim(), `${language}.${name}`).not.toBe('');
        if (language !== 'en') expect(label, `${language}.${name}`).not.toBe(english);
      }
    }
    expect(new Set(Object.values(launcherLabels).map(({ open }) => open)).size).toBe(4);
  });

  test('are filled by name', () => {
    expect(filled('{loaded} of {total}', { total: '23 MB', loaded: '1 MB' })).toBe('1 MB of 23 MB');
    expect(filled('{count} bytes', { count: 0 })).toBe('0 bytes');
  });
});
