// The most common words of languages: they tell which language a text is in, and are left out of the index.
import type { Language } from './languages.ts';

/** Articles, pronouns, prepositions and the like; enough of each to tell a language from its neighbours. */
export const commonWords: Partial<Record<Language, string>> = {
  en: 'the a in of and to is that for it with as was on are by this be from at or not have an which you',
  de: 'der die und das den von zu mit ist des im dem nicht ein eine auf für sich auch es als werden sie bei wird aus nach',
  fr: 'en un ils ou on se leur ont le la les de des et du est une dans pour que qui sur au par pas il avec ce plus sont aux cette être elle',
  es: 'el la los las de del y que en un una por con para es se su al lo como más no pero son este fue',
  it: 'il di che la e un una per del della non con si le da i in sono nel alla è dei come più gli anche',
  pt: 'o a os as de do da dos das e que em um uma para com não no na por se mais ao como foi são é pelo',
  nl: 'de het een van en in is dat op te zijn met voor niet aan er om ook als bij door naar worden wordt uit',
  sv: 'och att det som en på är av för med den till inte har ett om var jag från de kan men vid efter också',
  no: 'og det som en på er av for med den til ikke har et om var jeg fra de kan men ved etter også å ble blir mot noe noen hva seg deg meg være fram bare hun han de vi skal gjøres',
  da: 'og det som en på er af for med den til ikke har et om var jeg fra de kan men ved efter også at blev bliver mod noget nogen hvad sig dig mig være frem kun hun han de vi skal gøres',
  fi: 'ja on ei että se oli hän mutta joka ovat myös kun niin tai olla mukaan sen jos kuin ole voi hänen sekä',
  hu: 'a az és hogy nem egy is van meg volt ez de ha csak mint már még el vagy ki sem azt kell lehet',
  ro: 'și de în la cu pe nu este care un o din să pentru mai au că se fi sau al ale prin după sunt',
  tr: 've bir bu için ile da de olarak olan çok daha gibi en ne sonra kadar olduğu ama ya var her değil',
  id: 'yang dan di untuk dengan dari pada ini itu dalam adalah tidak akan ke oleh juga atau sebagai bahwa dapat karena',
  ga: 'agus an na ar go is le do bhí sé sin ag seo ach sa ní raibh níos atá mar tá chun',
  ru: 'и в не на что с по как это к из у за от о для так же но он его она были было был или при они все только если бы мы вы её ее их ещё уже который',
  uk: 'і в не на що з та як це до у за від для але він його вона були було був або про при й є',
  bg: 'и в не на че с по как това от за се да са до е като но той му след или при във със бъде те които която който има няма',
  ar: 'في من على أن إلى هذا عن التي الذي مع كان لا ما هذه كل أو بعد ذلك كانت لم قد بين هو هي',
  hi: 'के में की है और से को का हैं पर ने यह कि एक नहीं इस भी था लिए तो हो कर',
  ne: 'र को मा छ पनि हो गर्न यो भएको छन् थियो गरेको तथा लागि भने एक गर्ने वा हुन्छ',
};
