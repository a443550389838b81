// An Llm without a model that makes an agent do what a script says, in whatever form a pattern asks: for tests of tools and rules.
import { structured } from '../prompt/structured-output.ts';
import type { ChatMessage, GenerateEvent, GenerateOptions, Llm } from '../spec/llm.ts';
import type { ToolCall } from '../spec/tool.ts';
import { mockLlm } from './mock-llm.ts';

type Wanted = Pick<ToolCall, 'tool' | 'input'>;

interface Schema {
  properties?: Record<string, Schema & { const?: unknown }>;
  anyOf?: Schema[];
  items?: Schema;
  [keyword: string]: unknown;
}

/** What an agent is to do. */
export interface Script {
  /** Calls in their order, or what tells them from the prompt. */
  calls: readonly Wanted[] | ((messages: readonly ChatMessage[]) => readonly Wanted[]);
  /** @default 'It is done.' */
  answer?: string;
}

/** The model, and what it was asked so far. */
export interface ScriptedLlm extends Llm {
  /** Questions. */
  asked: number;
  /** Tokens that were given. */
  tokens: number;
}

/** Makes the model. What is to come follows from the prompt alone, so that a resumed run goes on where it was. */
export function scriptedLlm({ calls, answer = 'It is done.' }: Script): ScriptedLlm {
  const inner = mockLlm();
  const reply = (messages: readonly ChatMessage[], { output }: GenerateOptions): string => {
    const wanted = typeof calls === 'function' ? calls(messages) : calls;
    // Steps that have been made are numbered in the prompt.
    const made = [
      ...messages
        .map(({ content }) => content)
        .join('\n')
        .matchAll(/^Step \d+:/gm),
    ].length;
    if (output && 'choice' in output)
      return output.choice.find((each) => each.includes(wanted[made]?.tool ?? 'none')) ?? output.choice[0]!;
    return output && 'schema' in output ? JSON.stringify(valueFor(output.schema as Schema, wanted, made, answer)) : answer;
  };
  const model: ScriptedLlm = {
    ...inner,
    asked: 0,
    tokens: 0,
    async *generate(messages: readonly ChatMessage[], options: GenerateOptions = {}) {
      model.asked++;
      const { output, ...rest } = options;
      const events = mockLlm({ reply: reply(messages, options) }).generate(messages, rest);
      for await (const event of output ? structured(events, output) : events) {
        model.tokens += event.type === 'token' ? 1 : 0;
        yield event as GenerateEvent;
      }
    },
  };
  return model;
}

function valueFor(schema: Schema, wanted: readonly Wanted[], made: number, answer: string): unknown {
  const steps = schema.anyOf ?? [schema];
  if (steps.every(({ properties }) => properties?.tool)) {
    const next = wanted[made];
    return next ? { thought: `Now ${next.tool}.`, ...next } : { thought: 'Done.', tool: 'finish', input: { answer } };
  }
  const values: Record<string, unknown> = {
    calls: wanted,
    lesson: 'It went well.',
    done: made >= wanted.length,
    facts: [answer],
    answer,
    complaints: [],
  };
  return Object.fromEntries(Object.keys(schema.properties ?? {}).map((name) => [name, values[name] ?? answer]));
}
