// Small models fall into loops. What begins to be said for a second time is where an answer has ended.

/** Fewer characters than this may well be said twice. */
const minLength = 24;

/**
 * Looks at the sentence that is being written.
 * @returns the length at which the answer should be cut, if its last sentence is one that it has had, else undefined
 */
export function repetitionStart(answer: string): number | undefined {
  const start = lastSentenceStart(answer);
  const sentence = answer.slice(start).trimStart();
  if (sentence.length < minLength) return undefined;
  const before = answer.slice(0, start);
  const at = before.indexOf(sentence);
  if (at < 0) return undefined;
  // A whole sentence must match: two that begin alike may end differently.
  const whole = (char: string | undefined) => char === undefined || /[\n.!?。！？]/.test(char);
  const repeats =
    (at === 0 || /[\s.!?。！？]/.test(before[at - 1]!)) && (whole(sentence.at(-1)) || whole(before[at + sentence.length]));
  return repeats ? before.trimEnd().length : undefined;
}

/** After the last end of a sentence or line that has something behind it; numbers of a list belong to no sentence. */
function lastSentenceStart(text: string): number {
  const boundary = /(?:[.!?]["')\]]*\s+|[。！？]|\n+)(?:\d+[.)]\s+|[-*•]\s+)?/g;
  let start = 0;
  for (const match of text.matchAll(boundary)) {
    const end = match.index + match[0].length;
    if (end < text.length) start = end;
  }
  return start;
}
