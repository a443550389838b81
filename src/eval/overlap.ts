// Measures of a longer text against reference texts: BLEU, ROUGE-L, and the cosine of vectors. 0–1; the cosine −1…1.
import { words } from '../util/text.ts';
import { countsOf, overlap } from './answer-text.ts';

/**
 * BLEU of one text: the geometric mean of its n-gram precisions, each n-gram counted at most as often as one reference has it, times
 * a penalty for texts that are too short (Papineni et al., ACL 2002). Precisions of two words and more have one added above and
 * below, so that one that is missing does not make all 0 (Lin and Och, COLING 2004).
 * @param order longest n-gram, 1 and more
 */
export function bleu(text: string, references: readonly string[], order = 4): number {
  const said = words(text);
  const wanted = references.map((reference) => words(reference)).filter(({ length }) => length > 0);
  if (said.length === 0 || wanted.length === 0) return 0;
  let logarithms = 0;
  for (let n = 1; n <= order; n++) {
    const own = countsOf(grams(said, n));
    const most = new Map<string, number>();
    for (const reference of wanted) {
      for (const [gram, count] of countsOf(grams(reference, n))) most.set(gram, Math.max(count, most.get(gram) ?? 0));
    }
    const smooth = n === 1 ? 0 : 1;
    const precision = (overlap(own, most) + smooth) / (Math.max(0, said.length - n + 1) + smooth);
    if (precision === 0) return 0;
    logarithms += Math.log(precision) / order;
  }
  // The reference that is nearest in length, the shorter of two.
  const nearest = wanted
    .map(({ length }) => length)
    .sort((a, b) => Math.abs(a - said.length) - Math.abs(b - said.length) || a - b)[0]!;
  return Math.exp(Math.min(0, 1 - nearest / said.length) + logarithms);
}

function grams(tokens: readonly string[], n: number): string[] {
  return tokens.slice(0, Math.max(0, tokens.length - n + 1)).map((_, i) => tokens.slice(i, i + n).join(' '));
}

/** ROUGE-L: the F1 of the longest common subsequence of words, the best over the references (Lin, 2004). */
export function rougeL(text: string, references: readonly string[]): number {
  const said = words(text);
  let best = 0;
  for (const reference of references) {
    const wanted = words(reference);
    if (said.length + wanted.length > 0) best = Math.max(best, (2 * commonLength(said, wanted)) / (said.length + wanted.length));
  }
  return best;
}

/** Length of the longest common subsequence. */
function commonLength(first: readonly string[], second: readonly string[]): number {
  let row = new Uint32Array(second.length + 1);
  for (const word of first) {
    const next = new Uint32Array(second.length + 1);
    for (let i = 0; i < second.length; i++) next[i + 1] = second[i] === word ? row[i]! + 1 : Math.max(row[i + 1]!, next[i]!);
    row = next;
  }
  return row[second.length]!;
}

/** Cosine of two vectors of one length; 0 where one of them is null. */
export function cosine(first: ArrayLike<number>, second: ArrayLike<number>): number {
  let [dot, one, other] = [0, 0, 0];
  for (let i = 0; i < first.length; i++) {
    dot += first[i]! * second[i]!;
    one += first[i]! ** 2;
    other += second[i]! ** 2;
  }
  return one === 0 || other === 0 ? 0 : dot / Math.sqrt(one * other);
}
