// A question taken apart by its words: two questions in one, and comparisons (the decompositions of RQ-RAG, arXiv:2404.00610).
import { words } from '../../util/text.ts';
import { contentWords } from './content-words.ts';
import { pronouns } from './pronouns.ts';

/** Between two questions that are asked at once. */
const between =
  /\s*(?:[?？]\s*|[,;]?\s+(?:and|und|et|y)\s+)(?=(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|can|wer|wen|was|welche[rsn]?|wann|wo|warum|wie|qui|que|quoi|quel(?:le)?s?|quand|où|pourquoi|comment|quién|qué|cuál|cuándo|dónde|cómo)\b)/iu;

/** The two things of a comparison, and what comes before them. */
const comparisons: readonly RegExp[] = [
  /^(?<frame>.*\b(?:differences?|compare[ds]?|comparison)\b.*?\b(?:between|of)\s+)(?<one>.+?)\s+(?:and|vs\.?|versus|with|to)\s+(?<other>.+)$/iu,
  /^(?<frame>.*\bcompare[ds]?\s+)(?<one>.+?)\s+(?:and|vs\.?|versus|with|to)\s+(?<other>.+)$/iu,
  /^(?<frame>.*\bUnterschiede?\b.*?\bzwischen\s+)(?<one>.+?)\s+und\s+(?<other>.+)$/iu,
  /^(?<frame>.*\bdifférences?\b.*?\bentre\s+)(?<one>.+?)\s+et\s+(?<other>.+)$/iu,
  /^(?<frame>.*\bdiferencias?\b.*?\bentre\s+)(?<one>.+?)\s+y\s+(?<other>.+)$/iu,
  /^(?<frame>)(?<one>.+?)\s+(?:vs\.?|versus)\s+(?<other>.+)$/iu,
  /^(?<frame>.*[,:]\s*)(?<one>[^,]+?),?\s+(?:or|oder|ou|o)\s+(?<other>[^,]+)$/iu,
];

/** What a question was split by. */
export interface SplitQuestion {
  kind: 'whole' | 'questions' | 'comparison';
  /** At least one; each can be searched for by itself. */
  parts: readonly string[];
}

/** Splits a question; one that is about a single thing stays whole. */
export function splitQuestion(question: string): SplitQuestion {
  const text = question.trim();
  const asked = text
    .split(between)
    .map((part) => part.replace(/[?？\s]+$/u, ''))
    .filter((part) => contentWords(part).length > 0);
  if (asked.length > 1) return { kind: 'questions', parts: withSubject(asked).map((part) => `${part}?`) };
  for (const pattern of comparisons) {
    const { frame = '', one, other } = pattern.exec(text.replace(/[?？.\s]+$/u, ''))?.groups ?? {};
    if (!one || !other) continue;
    const about = contentWords(frame)
      .map(({ word }) => word)
      .filter((word) => !/^(?:differen|compar|unterschied|différen|diferenc)/iu.test(word));
    return { kind: 'comparison', parts: [one, other].map((thing) => [...about, thing].join(' ')) };
  }
  return { kind: 'whole', parts: [question] };
}

/** A later question with a pronoun is about what the first one is about. */
function withSubject(parts: readonly string[]): string[] {
  const [first = ''] = parts;
  return parts.map((part, i) => {
    if (i === 0 || !words(part).some((word) => pronouns.has(word))) return part;
    const subject = contentWords(first).slice(-3);
    return [part, ...subject.map(({ word }) => word)].join(' ');
  });
}
