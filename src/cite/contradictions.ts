// Passages that say different things about the same: other numbers, or one denies what the other says. By words alone.
import type { Contradiction, Quotation } from '../spec/citation.ts';
import type { Hit } from '../spec/store.ts';
import { splitSentences } from '../util/text.ts';
import { type Evidence, evidence } from './evidence.ts';

/** Share of the words of both sentences that must be in common, and how many at least. */
const leastShared = 0.6;
const leastWords = 3;
/** Sentences that are looked at; each is compared with each. */
const maxSentences = 60;

interface Statement extends Quotation {
  hit: Hit;
  evidence: Evidence;
}

/**
 * @param question what both sentences must be about, in a word at least
 * @param hits passages, of which overlapping ones are not compared
 * @returns at most one for a pair of passages, in the order of the passages
 */
export function contradictions(question: string, hits: readonly Hit[]): Contradiction[] {
  const asked = evidence(question);
  const statements = hits
    .flatMap((hit) =>
      splitSentences(hit.text).map(({ start, end }): Statement => {
        const quote = hit.text.slice(start, end);
        return { hit, document: hit.document, start: hit.start + start, end: hit.start + end, quote, evidence: evidence(quote) };
      }),
    )
    .filter((statement) => [...asked.terms].some((term) => statement.evidence.terms.has(term)))
    .slice(0, maxSentences);
  const found: Contradiction[] = [];
  const pairs = new Set<string>();
  for (const [i, one] of statements.entries()) {
    for (const other of statements.slice(i + 1)) {
      if (overlap(one.hit, other.hit) || pairs.has(`${one.hit.id}\n${other.hit.id}`)) continue;
      const kind = differ(one.evidence, other.evidence);
      if (!kind) continue;
      pairs.add(`${one.hit.id}\n${other.hit.id}`);
      found.push({ kind, sides: [quotation(one), quotation(other)] });
    }
  }
  return found;
}

function differ(one: Evidence, other: Evidence): Contradiction['kind'] | undefined {
  const shared = [...one.terms].filter((term) => other.terms.has(term)).length;
  const all = one.terms.size + other.terms.size - shared;
  if (shared < leastWords || shared < leastShared * all) return undefined;
  if (one.negated !== other.negated) return sameSet(one.numbers, other.numbers) ? 'negation' : undefined;
  const only = (a: Evidence, b: Evidence) => [...a.numbers].some((number) => !b.numbers.has(number));
  if (only(one, other) && only(other, one) && one.numbers.size === other.numbers.size) return 'number';
  return undefined;
}

function sameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((item) => other.has(item));
}

function overlap(one: Hit, other: Hit): boolean {
  return one.document === other.document && one.start < other.end && other.start < one.end;
}

function quotation({ document, start, end, quote }: Statement): Quotation {
  return { document, start, end, quote };
}
