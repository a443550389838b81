// Splits an answer at its cited sentences.
import type { Citation } from '../spec/citation.ts';

/** A piece of an answer; with its citation if it is a checked sentence. */
export interface Segment {
  text: string;
  citation?: Citation;
}

/** Pieces that together are the answer. Citations out of range, or overlapping an earlier one, are left out. */
export function segments(answer: string, citations: readonly Citation[]): Segment[] {
  const ordered = [...citations].sort((first, second) => first.answerStart - second.answerStart);
  const pieces: Segment[] = [];
  let position = 0;
  for (const citation of ordered) {
    const { answerStart, answerEnd } = citation;
    if (answerStart < position || answerEnd <= answerStart || answerEnd > answer.length) continue;
    if (answerStart > position) pieces.push({ text: answer.slice(position, answerStart) });
    pieces.push({ text: answer.slice(answerStart, answerEnd), citation });
    position = answerEnd;
  }
  if (position < answer.length) pieces.push({ text: answer.slice(position) });
  return pieces;
}
