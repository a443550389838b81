// Finds, for each sentence of an answer, the words of a source that support it, or says that there are none.
// By words and numbers first; vectors decide the rest, where an embedder is given.
import type { CallOptions } from '../spec/call.ts';
import type { Citation } from '../spec/citation.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { Hit } from '../spec/store.ts';
import { withDefaults } from '../util/options.ts';
import { splitSentences, type TextRange } from '../util/text.ts';
import { type Evidence, evidence, support } from './evidence.ts';
import { unknownNames } from './names.ts';
import { similarities } from './similarity.ts';

export interface AttributeOptions extends CallOptions {
  /** Lets a paraphrase count as supported. */
  embedder?: Embedder;
  /** Share of a sentence's content words that the quote must have. Range (0, 1]. @default 0.7 */
  minSupport?: number;
  /** With an embedder: cosine from which a paraphrase counts, if half of the words above are there. @default 0.8 */
  minCosine?: number;
}

/** Defaults of {@link AttributeOptions}. */
export const attributeDefaults = { minSupport: 0.7, minCosine: 0.8 };

/** One or two neighbouring sentences of a passage. */
interface Window {
  source: number;
  range: TextRange;
  sentences: number;
  evidence: Evidence;
}

/** Marks like `[2]` that a model may put; they are not part of the claim. */
const marks = /\s*\[\d+(?:\s*,\s*\d+)*\]/g;

/**
 * @param answer as generated
 * @param hits the passages, in the order in which they are numbered
 * @returns one citation a sentence of the answer, in order
 */
export async function attribute(answer: string, hits: readonly Hit[], options: AttributeOptions = {}): Promise<Citation[]> {
  const { minSupport, minCosine, embedder, signal } = withDefaults(attributeDefaults, options);
  const windows = hits.flatMap(windowsOf);
  const citations: Citation[] = [];
  for (const { start, end } of splitSentences(answer)) {
    signal?.throwIfAborted();
    const sentence = answer.slice(start, end);
    const claim = evidence(sentence.replace(marks, ''));
    const named = [...sentence.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]) - 1);
    const known = hits.map((hit) => unknownNames(sentence, [hit.title, ...hit.headings, hit.text].join('\n')).length === 0);
    const ranked = windows
      // A name that stands nowhere in a passage is not from there.
      .filter(({ source }) => known[source])
      .map((window) => ({ window, score: support(claim, window.evidence) }))
      .filter(({ score }) => score >= minSupport / 2)
      .sort((a, b) => b.score - a.score || preference(named, a.window) - preference(named, b.window));
    const best =
      ranked[0] && ranked[0].score >= minSupport
        ? ranked[0]
        : await closest(sentence, ranked.slice(0, 8), hits, minCosine, { embedder, signal });
    const base = { answerStart: start, answerEnd: end, sentence };
    if (!best) {
      citations.push({ ...base, supported: false, score: ranked[0]?.score ?? 0 });
      continue;
    }
    const { source, range } = best.window;
    const hit = hits[source]!;
    citations.push({
      ...base,
      supported: true,
      score: best.score,
      source: source + 1,
      document: hit.document,
      start: hit.start + range.start,
      end: hit.start + range.end,
      quote: hit.text.slice(range.start, range.end),
    });
  }
  return citations;
}

/** A source that the model named itself, then fewer words, then the better passage. */
function preference(named: readonly number[], { source, sentences }: Window): number {
  return (named.includes(source) ? 0 : 1000) + sentences * 100 + source;
}

function windowsOf(hit: Hit, source: number): Window[] {
  // A heading is what a text is about, not what it says.
  const sentences = splitSentences(hit.text).filter(({ start }) => hit.text[start] !== '#');
  const windows: Window[] = [];
  sentences.forEach(({ start, end }, i) => {
    windows.push({ source, range: { start, end }, sentences: 1, evidence: evidence(hit.text.slice(start, end)) });
    const next = sentences[i + 1];
    if (next)
      windows.push({
        source,
        range: { start, end: next.end },
        sentences: 2,
        evidence: evidence(hit.text.slice(start, next.end)),
      });
  });
  return windows;
}

/** Among windows that share some words with the sentence, the one nearest in meaning, if near enough. */
async function closest(
  sentence: string,
  candidates: readonly { window: Window; score: number }[],
  hits: readonly Hit[],
  minCosine: number,
  { embedder, signal }: Pick<AttributeOptions, 'embedder' | 'signal'>,
) {
  if (!embedder || candidates.length === 0) return undefined;
  const texts = candidates.map(({ window: { source, range } }) => hits[source]!.text.slice(range.start, range.end));
  const cosines = await similarities(sentence.replace(marks, ''), texts, embedder, { signal });
  let best: { window: Window; score: number } | undefined;
  candidates.forEach(({ window }, i) => {
    const cosine = cosines[i]!;
    if (cosine >= Math.max(minCosine, best?.score ?? 0)) best = { window, score: Math.min(1, cosine) };
  });
  return best;
}
