// Answers with what they were made from, found again by the question's vector (GPTCache, Bang, NLP-OSS 2023). An answer is good for as long as
// its question still finds the very passages that it found, and the sources say what they said.
import type { Hit } from '../../spec/store.ts';
import type { AnswerEvent, StrategyContext } from '../../spec/strategy.ts';
import { InpageError } from '../../util/errors.ts';
import { sameQuestion } from './same-question.ts';

/** How an answer ended. */
export type Answered = Extract<AnswerEvent, { type: 'done' }>;

/** An answer that is kept. */
export interface CachedAnswer {
  question: string;
  vector: Float32Array;
  /** Options that it was given with, as one string. */
  options: string;
  /** Passages that the question alone finds, in order. */
  found: readonly string[];
  done: Answered;
  /** Passages of its `retrieval` that were in the prompt. */
  used: number;
}

/** Answers of one collection, the least recently used first. */
export class AnswerCache {
  #answers: CachedAnswer[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  keep(answer: CachedAnswer): void {
    this.#answers = [...this.#answers, answer].slice(-this.#most);
  }

  /** The nearest answer to a question that asks the same with the same options. @param least cosine */
  find(
    question: string,
    vector: Float32Array,
    options: string,
    least: number,
  ): { answer: CachedAnswer; cosine: number } | undefined {
    const near = this.#answers
      .filter((answer) => answer.options === options && answer.vector.length === vector.length)
      .map((answer) => ({ answer, cosine: dot(answer.vector, vector) }))
      .filter(({ cosine }) => cosine >= least)
      .sort((a, b) => b.cosine - a.cosine);
    return near.find(({ answer }) => sameQuestion(answer.question, question));
  }

  /** It was given once more, or is no longer good. */
  touch(answer: CachedAnswer, good: boolean): void {
    this.#answers = this.#answers.filter((other) => other !== answer);
    if (good) this.#answers.push(answer);
  }
}

/** Passages with what they say, as strings to compare. */
export function versionsOf(hits: readonly Hit[]): string[] {
  return hits.map(({ id, text }) => `${id}\n${text}`);
}

/** Whether the sources of an answer still say what they said. */
export async function sourcesStand(
  { hits }: Answered,
  { retriever }: Pick<StrategyContext, 'retriever'>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (const { document, start, end, text } of hits) {
    try {
      if ((await retriever.text(document, { start, end, signal })) !== text) return false;
    } catch (error) {
      // Gone, or shorter than it was.
      if (InpageError.is(error, 'not-found') || InpageError.is(error, 'invalid-argument')) return false;
      throw error;
    }
  }
  return true;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d]! * b[d]!;
  return sum;
}
