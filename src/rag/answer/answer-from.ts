// From passages to an answer: abstain where they hold none; else let the model say it, or, where the model is too small for that, the
// passages themselves, after which the model may add what they support. Every sentence is checked against the passages.
import { attribute } from '../../cite/attribute.ts';
import { contradictions } from '../../cite/contradictions.ts';
import type { Citation } from '../../spec/citation.ts';
import type { Hit } from '../../spec/store.ts';
import type { AnswerEvent, AskOptions, Retrieval, StrategyContext } from '../../spec/strategy.ts';
import { withDefaults } from '../../util/options.ts';
import { abstain, weigh } from './abstain.ts';
import { extract } from './extract.ts';
import { fitAnswerPrompt, type Generated, generate } from './generate.ts';
import { phrase } from './phrase.ts';
import type { Stopwatch } from './stopwatch.ts';
import { whoLeads } from './who-leads.ts';

/** What is said in place of the model, in the page's language. */
export interface AnswerTexts {
  /** @default 'I found nothing about this in the documents.' */
  nothingFound?: string;
  /** In front of quotes that are added because nothing the model said is supported. @default 'The documents say:' */
  quoteLead?: string;
}

/** Defaults of {@link AnswerTexts}. */
export const answerDefaults = {
  nothingFound: 'I found nothing about this in the documents.',
  quoteLead: 'The documents say:',
};

/** What was said, before it is told as `done`. */
type Said = Generated & { citations: Citation[]; method: 'generated' | 'extracted'; checked: number };

/** Passages to answer from, with all that it takes. */
interface Task extends Pick<Retrieval, 'question'> {
  /** Relevant ones, best first. */
  sources: readonly Hit[];
  /** These, then the others that were found. */
  hits: readonly Hit[];
  context: StrategyContext;
  ask: AskOptions;
  watch: Stopwatch;
}

/** Answers from what was retrieved. */
export async function* answerFrom(
  retrieval: Retrieval,
  context: StrategyContext,
  ask: AskOptions,
  texts: AnswerTexts,
  watch: Stopwatch,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const { lead = 'auto' } = ask;
  const { quoteLead } = withDefaults(answerDefaults, texts);
  const way = async function* (task: Task) {
    const leads = lead === 'auto' ? whoLeads(await context.llm.load({ signal: ask.signal })) : lead;
    return yield* leads === 'extract' ? extractThenPhrase(task) : generateThenCheck(task, quoteLead);
  };
  yield* answerBy(way, retrieval, context, ask, texts, watch);
}

/** Answers with sentences of the passages only; needs no chat model. */
export async function* extractFrom(
  retrieval: Retrieval,
  context: StrategyContext,
  ask: AskOptions,
  texts: AnswerTexts,
  watch: Stopwatch,
): AsyncGenerator<AnswerEvent, void, undefined> {
  yield* answerBy(quote, retrieval, context, ask, texts, watch);
}

/** Abstains, or answers in the way given and tells of it. */
async function* answerBy(
  way: (task: Task) => AsyncGenerator<AnswerEvent, Said, undefined>,
  retrieval: Retrieval,
  context: StrategyContext,
  ask: AskOptions,
  { nothingFound = answerDefaults.nothingFound }: AnswerTexts,
  watch: Stopwatch,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const { question } = retrieval;
  const { abstention, relevant } = weigh(retrieval, ask);
  if (abstention) return yield* abstain(nothingFound, abstention, watch);
  // Numbers of sources count from the first hit.
  const hits = [...relevant, ...retrieval.hits.filter((hit) => !relevant.includes(hit))];
  const { checked, ...said } = yield* way({ question, sources: relevant, hits, context, ask, watch });
  for (const citation of said.citations) yield { type: 'citation', citation };
  const found = contradictions(question, relevant);
  const timings = watch.finished(checked);
  yield { type: 'done', ...said, ...(found.length > 0 && { contradictions: found }), hits, timings };
}

/** The best sentences, as the answer. */
async function* quote({ question, sources, hits, context, ask, watch }: Task): AsyncGenerator<AnswerEvent, Said, undefined> {
  const { answer, citations } = await extract(question, sources, context.embedder, { signal: ask.signal });
  yield { type: 'retrieval', hits, used: Math.max(1, ...citations.map(({ source }) => source!)) };
  ask.signal?.throwIfAborted();
  watch.firstToken();
  yield { type: 'token', text: answer };
  const usage = { promptTokens: 0, completionTokens: 0 };
  return { answer, citations, reason: 'stop', method: 'extracted', usage, checked: watch.elapsed };
}

/** Quotes at once; then what the model makes of them, as far as they support it. */
async function* extractThenPhrase(task: Task): AsyncGenerator<AnswerEvent, Said, undefined> {
  const quoted = yield* quote(task);
  const { question, sources, context, ask, watch } = task;
  const quotes = sources.map((source, i) => ({
    ...source,
    text: quoted.citations.flatMap((citation) => (citation.source === i + 1 ? citation.quote! : [])).join(' '),
  }));
  const { messages } = await fitAnswerPrompt(
    question,
    quotes.filter(({ text }) => text),
    context.llm,
    ask,
  );
  const added = yield* phrase(messages, quoted.answer, sources, context, ask, watch);
  const { reason, usage } = added;
  const citations = [...quoted.citations, ...added.citations];
  const method = added.citations.length > 0 ? 'generated' : 'extracted';
  return { answer: quoted.answer + added.answer, reason, usage, citations, method, checked: watch.elapsed };
}

/** What the model says; quotes behind it where nothing of that is supported. */
async function* generateThenCheck(task: Task, quoteLead: string): AsyncGenerator<AnswerEvent, Said, undefined> {
  const { question, sources, hits, context, ask, watch } = task;
  const { embedder, llm } = context;
  const { messages, used } = await fitAnswerPrompt(question, sources, llm, ask);
  yield { type: 'retrieval', hits, used };
  const generated = yield* generate(messages, llm, ask, watch);
  const checked = watch.elapsed;
  const { signal } = ask;
  const citations = await attribute(generated.answer, sources.slice(0, used), { embedder, signal });
  if (citations.some(({ supported }) => supported)) return { ...generated, citations, method: 'generated', checked };
  const lead = `${generated.answer.trim() && '\n\n'}${quoteLead} `;
  const offset = generated.answer.length + lead.length;
  const quotes = await extract(question, sources, embedder, { signal, offset });
  if (quotes.citations.length === 0) return { ...generated, citations, method: 'generated', checked };
  watch.firstToken();
  yield { type: 'token', text: `${lead}${quotes.answer}` };
  const answer = `${generated.answer}${lead}${quotes.answer}`;
  return { ...generated, answer, citations: [...citations, ...quotes.citations], method: 'generated', checked };
}
