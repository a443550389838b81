// The public types say what the documentation says.
import { expectTypeOf, test } from 'vitest';
import {
  type AdapterInfo,
  type AdaptResult,
  type AddResult,
  type AnswerEvent,
  type Assistant,
  type AssistantEvent,
  type AssistantOptions,
  type AssistantStats,
  type Citation,
  createAssistant,
  type DocumentRecord,
  type Embedder,
  type ErrorCode,
  type Filter,
  type Hit,
  type IngestProgress,
  InpageError,
  type Llm,
  type LoadProgress,
  type Retriever,
  type Source,
  type Strategy,
} from '../../src/index.ts';

declare const assistant: Assistant;

test('createAssistant takes options, all optional, and gives an Assistant', () => {
  expectTypeOf(createAssistant).toBeCallableWith();
  expectTypeOf(createAssistant).toBeCallableWith({ name: 'handbook', onProgress: () => {} });
  expectTypeOf(createAssistant).returns.resolves.toEqualTypeOf<Assistant>();
  expectTypeOf<Parameters<NonNullable<AssistantOptions['onProgress']>>>().toEqualTypeOf<[LoadProgress]>();
  expectTypeOf<Parameters<NonNullable<AssistantOptions['onEvent']>>>().toEqualTypeOf<[AssistantEvent]>();
  expectTypeOf<AssistantOptions['llm']>().toEqualTypeOf<string | Llm | readonly (string | Llm)[] | undefined>();
  expectTypeOf<AssistantOptions['embedder']>().toEqualTypeOf<string | Embedder | undefined>();
  // @ts-expect-error the device is one of three
  createAssistant({ device: 'cuda' });
});

test('add takes one source or several, of every kind', () => {
  expectTypeOf(assistant.add).parameter(0).toEqualTypeOf<Source | Iterable<Source>>();
  expectTypeOf(assistant.add).returns.resolves.toEqualTypeOf<AddResult>();
  expectTypeOf(assistant.add).toBeCallableWith('some text');
  expectTypeOf(assistant.add).toBeCallableWith([
    new File([], 'a.pdf'),
    new URL('https://example.org/'),
    { title: 'T', text: 'text', metadata: { year: 2024, tags: ['a'] } },
    { records: [{ id: 1, name: 'one' }] },
    document.body,
  ]);
  expectTypeOf<Parameters<NonNullable<NonNullable<Parameters<Assistant['add']>[1]>['onProgress']>>>().toEqualTypeOf<
    [IngestProgress]
  >();
  // @ts-expect-error metadata is flat
  assistant.add({ text: 'text', metadata: { nested: { a: 1 } } });
  // @ts-expect-error a number is no source
  assistant.add(1);
});

test('ask streams events that narrow by type', async () => {
  expectTypeOf(assistant.ask).returns.toEqualTypeOf<AsyncIterable<AnswerEvent>>();
  for await (const event of assistant.ask('?', {
    signal: AbortSignal.timeout(1),
    k: 3,
    history: [{ role: 'user', content: 'x' }],
  })) {
    if (event.type === 'token') expectTypeOf(event.text).toEqualTypeOf<string>();
    if (event.type === 'retrieval') expectTypeOf(event.hits).toEqualTypeOf<readonly Hit[]>();
    if (event.type === 'citation') expectTypeOf(event.citation).toEqualTypeOf<Citation>();
    if (event.type === 'done') expectTypeOf(event.reason).toEqualTypeOf<'stop' | 'length' | 'abstained'>();
  }
  // @ts-expect-error the signal belongs to the call
  assistant.ask('?', { generation: { signal: AbortSignal.timeout(1) } });
});

test('the rest of an assistant', () => {
  expectTypeOf<Assistant>().toExtend<Retriever>();
  expectTypeOf(assistant.search('x', { k: 5 })).resolves.toEqualTypeOf<Hit[]>();
  expectTypeOf(assistant.documents()).resolves.toEqualTypeOf<DocumentRecord[]>();
  expectTypeOf(assistant.text('id', { start: 1, end: 2 })).resolves.toEqualTypeOf<string>();
  expectTypeOf(assistant.remove(['a', 'b'])).resolves.toEqualTypeOf<number>();
  expectTypeOf(assistant.stats()).resolves.toEqualTypeOf<AssistantStats>();
  expectTypeOf(assistant.close()).resolves.toEqualTypeOf<void>();
});

test('filters', () => {
  expectTypeOf({
    year: { $gte: 2020, $lt: 2025 },
    tag: 'a',
    $or: [{ lang: 'de' }, { lang: { $in: ['fr', 'it'] } }],
  }).toExtend<Filter>();
  expectTypeOf<{ $and: string }>().not.toExtend<Filter>();
});

test('errors narrow by their code', () => {
  const error: unknown = undefined;
  if (InpageError.is(error, 'quota-exceeded')) {
    expectTypeOf(error).toEqualTypeOf<InpageError>();
    expectTypeOf(error.code).toEqualTypeOf<ErrorCode>();
  }
  // @ts-expect-error there is no such code
  InpageError.is(error, 'no-such-code');
});

test('own parts fit where the built-in ones do', () => {
  const strategy: Strategy = {
    name: 'echo',
    async *answer(question, { retriever }) {
      expectTypeOf(question).toEqualTypeOf<string>();
      expectTypeOf(retriever).toEqualTypeOf<Retriever>();
      yield { type: 'token', text: question };
    },
  };
  expectTypeOf(createAssistant).toBeCallableWith({ strategy });
});

test('adapt and feedback take what search and ask give', () => {
  expectTypeOf(assistant.adapt).toBeCallableWith();
  expectTypeOf(assistant.adapt).toBeCallableWith({ pairs: 'documents', signal: new AbortController().signal });
  expectTypeOf(assistant.adapt).returns.resolves.toEqualTypeOf<AdaptResult>();
  expectTypeOf(assistant.feedback).toBeCallableWith('Why?', {} as Hit, 1);
  expectTypeOf(assistant.feedback).toBeCallableWith('Why?', {} as Citation, -1);
  // @ts-expect-error there is no half feedback
  assistant.feedback('Why?', {} as Hit, 0.5);
  expectTypeOf<AssistantStats['adapter']>().toEqualTypeOf<AdapterInfo | undefined>();
});
