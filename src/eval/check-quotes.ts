// Whether what an answer shows as quoted stands in the documents, word for word and where it says.
import type { CallOptions } from '../spec/call.ts';
import type { Citation } from '../spec/citation.ts';

/** What gives a document's text: an assistant, or anything that has this of it. */
export interface TextReader {
  text(document: string, options?: CallOptions & { start?: number; end?: number }): Promise<string>;
}

/** A citation that is not what it says, and why. */
export interface QuoteViolation {
  citation: Citation;
  reason: string;
}

/** The citations that are marked as supported and whose quote, or sentence, is not where they say that it is. */
export async function checkQuotes(
  answer: string,
  citations: readonly Citation[],
  reader: TextReader,
  { signal }: CallOptions = {},
): Promise<QuoteViolation[]> {
  const violations: QuoteViolation[] = [];
  for (const citation of citations) {
    const { answerStart, answerEnd, sentence, supported, document, start, end, quote } = citation;
    const wrong = (reason: string) => violations.push({ citation, reason });
    if (answer.slice(answerStart, answerEnd) !== sentence) wrong('The sentence is not at its place in the answer.');
    else if (!supported) continue;
    else if (document === undefined || start === undefined || end === undefined || !quote) wrong('There is no quote.');
    else if ((await reader.text(document, { start, end, signal })) !== quote)
      wrong('The quote is not at its place in the document.');
  }
  return violations;
}
