// Measures of an answer against right ones, as question answering uses them (Rajpurkar et al., SQuAD, 2016). All are 0–1.
import { words } from '../util/text.ts';

/** Words of an answer as they are compared: lower case, without punctuation and English articles. */
function tokens(text: string): string[] {
  const bare = text.toLowerCase().replace(/[\p{P}\p{S}]/gu, '');
  return words(bare).filter((word) => word !== 'a' && word !== 'an' && word !== 'the');
}

/** The best value over the right answers; 0 where there is none. */
function best(references: readonly string[], measure: (reference: string) => number): number {
  return Math.max(0, ...references.map(measure));
}

/** 1 where the answer is one of the right ones, word for word. */
export function exactMatch(answer: string, references: readonly string[]): number {
  const said = tokens(answer).join(' ');
  return best(references, (reference) => (tokens(reference).join(' ') === said ? 1 : 0));
}

/** 1 where the answer holds all words of a right one, one after the other (the accuracy of open questions; DPR, arXiv:2004.04906). */
export function containsAnswer(answer: string, references: readonly string[]): number {
  const said = ` ${tokens(answer).join(' ')} `;
  return best(references, (reference) => {
    const wanted = tokens(reference).join(' ');
    return wanted !== '' && said.includes(` ${wanted} `) ? 1 : 0;
  });
}

/** Harmonic mean of the shares of words that the answer and a right one have in common, repeats counted. */
export function tokenF1(answer: string, references: readonly string[]): number {
  const said = tokens(answer);
  return best(references, (reference) => {
    const wanted = tokens(reference);
    // Two empty ones are the same, one alone has nothing in common.
    if (said.length === 0 || wanted.length === 0) return said.length === wanted.length ? 1 : 0;
    const common = overlap(countsOf(said), countsOf(wanted));
    return (2 * common) / (said.length + wanted.length);
  });
}

/** How often each item occurs. */
export function countsOf(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** Items that two multisets have in common. */
export function overlap(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): number {
  let common = 0;
  for (const [item, count] of first) common += Math.min(count, second.get(item) ?? 0);
  return common;
}
