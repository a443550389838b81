// Seeded documents of mixed scripts, line ends and shapes, with sections, for property tests.
import type { Section } from '../../../src/spec/document.ts';
import { createRandom } from '../../../src/util/random.ts';

/** A function that picks one of its argument's items; the same seed gives the same picks. */
export function seededPick(seed: number): <T>(items: readonly T[]) => T {
  const random = createRandom(seed);
  return (items) => items[Math.floor(random() * items.length)]!;
}

const wordsOf: readonly (readonly string[])[] = [
  ['reset', 'the', 'device', 'holds', 'a', 'button', 'e.g.', 'Dr.', '3.14', 'index', 'well-known', 'don’t', 'C++'],
  ['设备', '按钮', '重置', '数据库', '说明', '浏览器', '文档'],
  ['データ', 'ベース', '東京都', 'に', '住んで', 'います', 'です'],
  ['สวัสดี', 'ครับ', 'ข้อมูล', 'เอกสาร', 'ปุ่ม'],
  ['Größe', 'z. B.', 'Änderung', 'über', 'Straße'],
  ['😀', '👩‍👩‍👧', '🇩🇪', 'é', '𝒳', '👍🏽'],
  ['это', 'документ', 'база', 'данных'],
  ['이', '문서는', '데이터베이스를'],
];

/** A text and its sections; `text.slice(section.start)` starts with the section's heading. */
export function randomDocument(seed: number): { text: string; sections?: Section[] } {
  const random = createRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const newline = pick(['\n', '\n', '\r\n']);
  const withSections = random() < 0.7;
  const sections: Section[] = [];
  let text = '';

  const sentence = () => {
    const script = pick(wordsOf);
    const spaced = !['设备', 'データ', 'สวัสดี'].includes(script[0]!);
    const list = Array.from({ length: 1 + Math.floor(random() * 18) }, () => pick(random() < 0.9 ? script : pick(wordsOf)));
    return list.join(spaced ? ' ' : '') + pick(spaced ? ['.', '!', '?', ';', ''] : ['。', '！', '？', '']);
  };
  const paragraph = () =>
    Array.from({ length: 1 + Math.floor(random() * 6) }, sentence).join(pick([' ', ' ', newline, '', '  ', '\u3000', '\t']));
  const blocks: (() => string)[] = [
    paragraph,
    paragraph,
    paragraph,
    () =>
      Array.from({ length: 1 + Math.floor(random() * 8) }, (_, i) => `${pick(['- ', '* ', `${i + 1}. `])}${sentence()}`).join(
        newline,
      ),
    () => `| a | b |${newline}|---|---|${newline}${`| ${sentence()} | ${sentence()} |${newline}`.repeat(3)}`,
    () =>
      ['```js', ...Array.from({ length: 1 + Math.floor(random() * 30) }, () => `  call(${sentence()});`), '```'].join(newline),
    () => pick(['a', '漢', '👩‍👩‍👧', 'é', '-', ' ', newline]).repeat(Math.floor(random() * 6_000)),
    () => `${sentence()}${newline}${pick(['===', '---'])}`,
    () => ` ${sentence()}\u0000\u2028${sentence()} `,
    () => Array.from({ length: 60 }, sentence).join(' '),
  ];

  const count = Math.floor(random() * 25);
  let level = 1;
  for (let i = 0; i < count; i++) {
    if (withSections && random() < 0.5) {
      level = Math.max(1, Math.min(6, level + pick([-2, -1, 0, 0, 1])));
      const title = sentence();
      sections.push({ level, title, start: text.length, end: 0 });
      text += `${'#'.repeat(level)} ${title}${newline}${pick(['', newline])}`;
    }
    text += pick(blocks)() + pick([newline, newline + newline, newline + newline + newline]);
  }
  sections.forEach((section, i) => {
    section.end = sections[i + 1]?.start ?? text.length;
  });
  return { text, ...(sections.length > 0 && { sections }) };
}
