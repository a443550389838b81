// Terms by language: stop words, stems, accents; and which language a text is in.
import { beforeAll, expect, test } from 'vitest';
import { Analyzer } from '../../../../src/store/lexical/analyzer.ts';
import { encodeLexical } from '../../../../src/store/lexical/encode.ts';
import { guessLanguage } from '../../../../src/store/lexical/guess-language.ts';
import { type Language, languages } from '../../../../src/store/lexical/languages.ts';
import { LexicalSegment } from '../../../../src/store/lexical/lexical-segment.ts';
import { TermBytes } from '../../../../src/store/lexical/term-bytes.ts';
import { createRandom } from '../../../../src/util/random.ts';
import { positionsOf, termsOf } from './reference.ts';

const analyzer = new Analyzer();

beforeAll(() => analyzer.load(languages));

const terms = (text: string, language: string) => termsOf(analyzer.analyze(text, language));

test('stop words are left out, and count as positions', () => {
  const text = analyzer.analyze('The reader of the documents isn’t a robot', 'en');
  expect(termsOf(text)).toEqual(['reader', 'document', 'robot']);
  expect(positionsOf(text)).toEqual([1, 4, 7]);
});

test('words are stemmed in their language', () => {
  expect(terms('running runs', 'en')).toEqual(['run', 'run']);
  expect(terms('Häuser Hauses', 'de')).toEqual(['haus', 'haus']);
  expect(terms('nationales nation', 'fr')[0]).toBe(terms('nationale', 'fr')[0]);
  expect(terms('документы', 'ru')).toEqual(terms('документов', 'ru'));
  expect(terms('running runs', 'und')).toEqual(['running', 'runs']);
});

test('accents, apostrophes and letters with two spellings make no difference', () => {
  for (const [language, a, b] of [
    ['en', 'naïve café', 'naive cafe'],
    ['en', "Darwin's theory", 'Darwin theory'],
    ['fr', "l'avion d’Aubigné", 'avion Aubigne'],
    ['it', "dell'arte", 'arte'],
    ['de', 'Straße', 'Strasse'],
    ['el', 'τον λόγος', 'λογοσ'],
    ['und', 'Łódź', 'lodz'],
    ['tr', 'ISPARTA', 'ısparta'],
  ] as const) {
    expect(terms(a, language), a).toEqual(terms(b, language));
  }
  expect(terms('が か', 'und')).toEqual(['が', 'か']);
});

test('a row has both fields; nothing is a row too', () => {
  const row = analyzer.row('en', 'All the texts', 'A title');
  expect(row.language).toBe('en');
  expect([row.text, row.title].map(termsOf)).toEqual([['text'], ['titl']]);
  const empty = analyzer.row('und', '');
  expect([empty.text, empty.title].map(termsOf)).toEqual([[], []]);
});

test('every language takes any word, gives no term too long, and always the same', () => {
  const random = createRandom(11);
  const letters =
    'abcdefghijklmnopqrstuvwxyzäöüßéèñçşığабвгдеёжийклмнопрстуфхцчшщыьэюяіїєαβγδεζηθικλμνξοπρστυφχψως اأبتثجحخدذرزسشصضطظعغفقكلمنهويकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसहािीुेोகஙசஞடணதநபமயரலவ'.replace(
      ' ',
      '',
    );
  const words = Array.from({ length: 300 }, () =>
    Array.from(
      { length: 1 + Math.floor(random() * (random() < 0.05 ? 80 : 14)) },
      () => letters[Math.floor(random() * letters.length)],
    ).join(''),
  );
  words.push('constructor', '__proto__', 'toString', 'x'.repeat(500));
  for (const language of languages) {
    const first = words.map((word) => terms(word, language));
    for (const term of first.flat()) {
      expect(term.length).toBeGreaterThan(0);
      expect(term.length).toBeLessThanOrEqual(64);
    }
    expect(words.map((word) => terms(word, language))).toEqual(first);
  }
});

test('after very many words it forgets them, and goes on', async () => {
  const fresh = new Analyzer();
  await fresh.load(['en', 'de']);
  const before = [fresh.row('en', 'Running shoes'), fresh.row('de', 'Häuser')];
  const many = Array.from({ length: 100_001 }, (_, i) => `x${i.toString(36)}`);
  expect(new Set(termsOf(fresh.analyze(many.join(' '), 'en'))).size).toBeGreaterThan(90_000);
  const after = [fresh.row('en', 'Running shoes'), fresh.row('de', 'Häuser')];
  expect(after[0]!.text.vocabulary).not.toBe(before[0]!.text.vocabulary);
  expect(after.map(({ text }) => termsOf(text))).toEqual(before.map(({ text }) => termsOf(text)));
  expect(fresh.term('houses', 'en')).toBe('hous');
  const segment = new LexicalSegment(encodeLexical([...before, ...after]).postings);
  expect(segment.terms).toBe(3);
  expect(segment.find(new TermBytes().encode('haus'))).toMatchObject({ rows: 2 });
});

test('a language that is unknown or not loaded is refused', async () => {
  await expect(new Analyzer().load(['tlh'])).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('"tlh"'),
  });
  expect(() => new Analyzer().analyze('x', 'en')).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
});

const samples: Partial<Record<Language, string>> = {
  en: 'All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.',
  de: 'Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.',
  fr: 'Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité.',
  es: 'Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia, deben comportarse fraternalmente los unos con los otros.',
  it: 'Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono dotati di ragione e di coscienza e devono agire gli uni verso gli altri in spirito di fratellanza.',
  pt: 'Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão e de consciência, devem agir uns para com os outros em espírito de fraternidade.',
  nl: 'Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij zijn begiftigd met verstand en geweten, en behoren zich jegens elkander in een geest van broederschap te gedragen.',
  sv: 'Alla människor är födda fria och lika i värde och rättigheter. De är utrustade med förnuft och samvete och bör handla gentemot varandra i en anda av broderskap.',
  no: 'Alle mennesker er født frie og med samme menneskeverd og menneskerettigheter. De er utstyrt med fornuft og samvittighet og bør handle mot hverandre i brorskapets ånd. Enhver har krav på alle de rettigheter som er nevnt i denne erklæring, uten forskjell av noen art, og det skal ikke gjøres noen forskjell etter hvor et menneske hører til.',
  da: 'Alle mennesker er født frie og lige i værdighed og rettigheder. De er udstyret med fornuft og samvittighed, og de bør handle mod hverandre i en broderskabets ånd. Der skal heller ikke gøres nogen forskel på grund af det lands politiske stilling, hvortil en person hører, og det gælder også efter at landet blev frit.',
  fi: 'Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan. Heille on annettu järki ja omatunto, ja heidän on toimittava toisiaan kohtaan veljeyden hengessä.',
  hu: 'Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Az emberek, ésszel és lelkiismerettel bírván, egymással szemben testvéri szellemben kell hogy viseltessenek. Ez a nyilatkozat nem csak egy terv.',
  ro: 'Toate ființele umane se nasc libere și egale în demnitate și în drepturi. Ele sunt înzestrate cu rațiune și conștiință și trebuie să se comporte unele față de altele în spiritul fraternității.',
  tr: 'Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler. Bu bir hak olarak herkes için vardır.',
  id: 'Semua orang dilahirkan merdeka dan mempunyai martabat dan hak-hak yang sama. Mereka dikaruniai akal dan hati nurani dan hendaknya bergaul satu sama lain dalam semangat persaudaraan, dan tidak ada pengecualian dengan alasan apa pun.',
  ga: 'Saolaítear na daoine uile saor agus comhionann ina ndínit agus ina gcearta. Tá bua an réasúin agus an choinsiasa acu agus ba cheart dóibh gníomhú ar mhodh bráithreachais i leith a chéile.',
  ru: 'Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства. Это не только право, но и долг.',
  uk: 'Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і совістю і повинні діяти у відношенні один до одного в дусі братерства.',
  bg: 'Всички хора се раждат свободни и равни по достойнство и права. Те са надарени с разум и съвест и следва да се отнасят помежду си в дух на братство. Всеки има право на това, като не се прави разлика.',
  el: 'Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.',
  hy: 'Բոլոր մարդիկ ծնվում են ազատ ու հավասար իրենց արժանապատվությամբ ու իրավունքներով։',
  ar: 'يولد جميع الناس أحراراً متساوين في الكرامة والحقوق. وقد وهبوا عقلاً وضميراً وعليهم أن يعامل بعضهم بعضاً بروح الإخاء. لكل إنسان حق في التمتع بكل الحقوق التي وردت في هذا الإعلان من دون أي تمييز.',
  hi: 'सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है और परस्पर उन्हें भाईचारे के भाव से बर्ताव करना चाहिए।',
  ta: 'மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்; அவர்கள் மதிப்பிலும் உரிமைகளிலும் சமமானவர்கள்.',
  ja: 'すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。',
  zh: '人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。',
};

test.each(Object.entries(samples))('a text in %s is known as such', (language, text) => {
  expect(guessLanguage(text)).toBe(language);
});

test('where it is not sure, no language is guessed', () => {
  for (const text of [
    '',
    '12345',
    'foo bar baz',
    'Berlin',
    'const x = await load(y);',
    'Wszyscy ludzie rodzą się wolni i równi',
    '모든 인간은 태어날 때부터 자유로우며',
    'มนุษย์ทั้งหลายเกิดมามีอิสระ',
  ]) {
    expect(guessLanguage(text), text).toBe('und');
  }
});
