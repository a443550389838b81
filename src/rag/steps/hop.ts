// A hop: from a passage that answers part of a question to the passages that may answer the rest of it. What the passage has of the
// question is left out, and a name that the passage brings in is put in its place.
import type { Hit } from '../../spec/store.ts';
import { type ContentWord, contentWords, coverage, termsOf } from './content-words.ts';
import { bareTitle, namesIn } from './names.ts';

/** A search that goes on from a passage. */
export interface Hop {
  /** The passage, which is not looked for again. */
  from?: Hit;
  /** What the passage brings in. */
  name: string;
  /** What is left of the question. */
  left: readonly ContentWord[];
  query: string;
  /** How good the passage is that it starts from, 0–1. */
  strength: number;
}

/** Names that are followed from one passage at most; those in front tell best what it is about. */
const mostNames = 12;

/** What the words left and the name count against the cosine. */
const wordShare = 0.3;

/** Searches that go on from the best passages. */
export function hopsFrom(question: string, hits: readonly Hit[]): Hop[] {
  const asked = contentWords(question);
  const known = new Set(asked.map(({ term }) => term));
  const best = Math.max(...hits.map(({ score }) => score), Number.MIN_VALUE);
  return hits.flatMap((from) => {
    const title = bareTitle(from.title);
    const has = termsOf(`${title}\n${from.text}`);
    const left = asked.filter(({ term }) => !has.has(term));
    if (left.length === 0) return [];
    const names = namesIn(`${title}\n${from.text}`).filter((name) => [...termsOf(name)].some((term) => !known.has(term)));
    return names.slice(0, mostNames).map((name) => ({
      from,
      name,
      left,
      query: [...left.map(({ word }) => word), name].join(' '),
      strength: from.score / best,
    }));
  });
}

/** How well a passage goes on from a hop, about 0–1: its cosine, and the words that were left if it has the name too; times the hop's strength. */
export function continues({ name, left, strength }: Hop, hit: Hit): number {
  const terms = termsOf(`${hit.title}\n${hit.text}`);
  const named = [...termsOf(name)].every((term) => terms.has(term));
  const said = named ? coverage(left, terms) : 0;
  return strength * ((1 - wordShare) * Math.max(0, hit.scores.dense ?? 0) + wordShare * said);
}
