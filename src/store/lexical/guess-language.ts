// Language of a text, guessed from its script and its most common words.
import type { Language } from './languages.ts';
import { tokenize } from './tokenize.ts';

/** Code units that are looked at. */
const sampleLength = 4_000;
/** At least this share of the words must be among a language's most common ones. */
const leastShare = 0.1;
/** The best language must lead by this many words, and by this share of its own. */
const leastLead = 2;
const leastLeadShare = 0.1;

// Words that are common in a language and rare in the others written with the same letters.
const commonWords: Partial<Record<Language, string>> = {
  en: 'the of and to is that for it with as was on are by this be from at or not have an which you',
  de: 'der die und das den von zu mit ist des im dem nicht ein eine auf für sich auch es als werden sie bei wird aus nach',
  fr: 'le la les de des et du est une dans pour que qui sur au par pas il avec ce plus sont aux cette être elle',
  es: 'el la los las de del y que en un una por con para es se su al lo como más no pero son este fue',
  it: 'il di che la e un una per del della non con si le da i in sono nel alla è dei come più gli anche',
  pt: 'o a os as de do da dos das e que em um uma para com não no na por se mais ao como foi são é pelo',
  nl: 'de het een van en in is dat op te zijn met voor niet aan er om ook als bij door naar worden wordt uit',
  sv: 'och att det som en på är av för med den till inte har ett om var jag från de kan men vid efter också',
  no: 'og det som en på er av for med den til ikke har et om var jeg fra de kan men ved etter også å ble blir',
  da: 'og det som en på er af for med den til ikke har et om var jeg fra de kan men ved efter også at blev bliver',
  fi: 'ja on ei että se oli hän mutta joka ovat myös kun niin tai olla mukaan sen jos kuin ole voi hänen sekä',
  hu: 'a az és hogy nem egy is van meg volt ez de ha csak mint már még el vagy ki sem azt kell lehet',
  ro: 'și de în la cu pe nu este care un o din să pentru mai au că se fi sau al ale prin după sunt',
  tr: 've bir bu için ile da de olarak olan çok daha gibi en ne sonra kadar olduğu ama ya var her değil',
  id: 'yang dan di untuk dengan dari pada ini itu dalam adalah tidak akan ke oleh juga atau sebagai bahwa dapat karena',
  ga: 'agus an na ar go is le do bhí sé sin ag seo ach sa ní raibh níos atá mar tá chun',
  ru: 'и в не на что с по как это к из у за от о для так же но он его она были было был или при',
  uk: 'і в не на що з та як це до у за від для але він його вона були було був або про при й є',
  bg: 'и в не на че с по как това от за се да са до е като но той му след или при във със бъде',
  ar: 'في من على أن إلى هذا عن التي الذي مع كان لا ما هذه كل أو بعد ذلك كانت لم قد بين هو هي',
  hi: 'के में की है और से को का हैं पर ने यह कि एक नहीं इस भी था लिए तो हो कर',
  ne: 'र को मा छ पनि हो गर्न यो भएको छन् थियो गरेको तथा लागि भने एक गर्ने वा हुन्छ',
};

const languagesOf = new Map<string, Language[]>();
for (const [language, words] of Object.entries(commonWords) as [Language, string][]) {
  for (const word of words.split(' ')) languagesOf.set(word, [...(languagesOf.get(word) ?? []), language]);
}

// Scripts that tell the language; Japanese before Chinese, for it has Han characters too.
const scripts: readonly [Language, RegExp, least: number][] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 0.1],
  ['zh', /\p{Script=Han}/gu, 0.3],
  ['el', /\p{Script=Greek}/gu, 0.5],
  ['hy', /\p{Script=Armenian}/gu, 0.5],
  ['ta', /\p{Script=Tamil}/gu, 0.5],
];

/**
 * Guesses the language of a text from its first few thousand characters.
 * @returns `und` where it is not sure; a text of a few words rarely is
 */
export function guessLanguage(text: string): Language {
  const sample = text.slice(0, sampleLength);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return 'und';
  for (const [language, script, least] of scripts) {
    if ((sample.match(script)?.length ?? 0) >= least * letters) return language;
  }
  return guessByWords(tokenize(sample));
}

function guessByWords(words: readonly string[]): Language {
  const counts = new Map<Language, number>();
  for (const word of words) {
    for (const language of languagesOf.get(word) ?? []) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  const [best, second] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!best || best[1] < leastShare * words.length) return 'und';
  const lead = best[1] - (second?.[1] ?? 0);
  return lead >= leastLead && lead >= leastLeadShare * best[1] ? best[0] : 'und';
}
