// From passages to an answer: abstain where nothing is relevant, else let the model say it, and check every sentence against
// the passages. Where nothing that the model said is supported, the nearest sentence of the passages is added, word for word.
import { attribute } from '../../cite/attribute.ts';
import { closestSentence, type Quote } from '../../cite/closest-sentence.ts';
import type { Citation } from '../../spec/citation.ts';
import type { AnswerEvent, AskOptions, Retrieval, StrategyContext } from '../../spec/strategy.ts';
import { withDefaults } from '../../util/options.ts';
import { fitAnswerPrompt, generate } from './generate.ts';
import type { Stopwatch } from './stopwatch.ts';

/** What is said in place of the model, in the page's language. */
export interface AnswerTexts {
  /** @default 'I found nothing about this in the documents.' */
  nothingFound?: string;
  /** In front of a quote that is added because nothing the model said is supported. @default 'The documents say:' */
  quoteLead?: string;
}

/** Defaults of {@link AnswerTexts}, and of `minScore`. */
export const answerDefaults = {
  nothingFound: 'I found nothing about this in the documents.',
  quoteLead: 'The documents say:',
  minScore: 0.2,
};

/** Answers from what was retrieved. */
export async function* answerFrom(
  { question, hits, confidence }: Retrieval,
  { llm, embedder }: StrategyContext,
  ask: AskOptions,
  texts: AnswerTexts,
  watch: Stopwatch,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const { nothingFound, quoteLead, minScore } = withDefaults(answerDefaults, { ...texts, minScore: ask.minScore });
  const { signal } = ask;
  const relevant = hits.filter(({ scores, score }) => (scores.dense ?? score) >= minScore);

  if (relevant.length === 0) {
    yield { type: 'retrieval', hits, used: 0 };
    yield { type: 'token', text: nothingFound };
    watch.firstToken();
    yield {
      type: 'done',
      answer: nothingFound,
      reason: 'abstained',
      method: 'extracted',
      abstention: { reason: hits.length === 0 ? 'empty' : 'irrelevant', confidence: confidence ?? 0, closest: hits },
      hits,
      citations: [],
      timings: watch.finished(),
      usage: { promptTokens: 0, completionTokens: 0 },
    };
    return;
  }

  const { messages, used } = await fitAnswerPrompt(question, relevant, llm, ask);
  yield { type: 'retrieval', hits, used };

  const generated = yield* generate(messages, llm, ask, watch);
  let { answer } = generated;
  const checked = watch.elapsed;
  const sources = relevant.slice(0, used);
  const citations = await attribute(answer, sources, { embedder, signal });
  if (!citations.some(({ supported }) => supported)) {
    const quote = await closestSentence(question, relevant, embedder, { signal });
    if (quote) {
      const lead = `${answer.trim() && '\n\n'}${quoteLead} `;
      watch.firstToken();
      yield { type: 'token', text: `${lead}${quote.quote}` };
      citations.push(quoted(quote, answer.length + lead.length));
      answer += `${lead}${quote.quote}`;
    }
  }
  for (const citation of citations) yield { type: 'citation', citation };
  yield { type: 'done', ...generated, answer, method: 'generated', hits, citations, timings: watch.finished(checked) };
}

function quoted({ quote, ...rest }: Quote, answerStart: number): Citation {
  return { answerStart, answerEnd: answerStart + quote.length, sentence: quote, supported: true, quote, ...rest };
}
