// One question to the model of a run, answered by a value; an answer that is not valid is asked for again, with what is wrong.
import { tellIssues } from '../prompt/check-value.ts';
import type { AgentRun } from '../spec/agent.ts';
import type { ChatMessage } from '../spec/llm.ts';
import type { OutputFormat } from '../spec/output.ts';
import { InpageError } from '../util/errors.ts';

/** Times that a model is asked again. */
const repairs = 2;

/** Asks, and gives the whole text. */
export async function write(run: AgentRun, messages: readonly ChatMessage[]): Promise<string> {
  for await (const event of run.llm.generate(messages, run.generation)) if (event.type === 'done') return event.text.trim();
  throw new InpageError('generation-failed', 'The model ended without an answer.');
}

/**
 * Asks for a value.
 * @returns undefined if no answer was valid, the repairs included
 * @throws InpageError `output-unsupported`, and what else the model throws
 */
export async function ask<Value>(
  run: AgentRun,
  messages: readonly ChatMessage[],
  output: OutputFormat,
): Promise<Value | undefined> {
  let asked = messages;
  for (let tries = 0; tries <= repairs; tries++) {
    try {
      for await (const event of run.llm.generate(asked, { ...run.generation, output })) {
        if (event.type === 'done') return event.value as Value;
      }
    } catch (error) {
      if (!InpageError.is(error, 'output-invalid')) throw error;
      asked = [...messages, ...correction(error)];
    }
  }
  return undefined;
}

/** What the model said, and what a validator says to it. */
function correction({ detail, message }: InpageError): ChatMessage[] {
  const { text = '', issues } = detail as { text?: string; issues?: Parameters<typeof tellIssues>[0] };
  const wrong = issues ? tellIssues(issues) : message;
  return [
    { role: 'assistant', content: text },
    { role: 'user', content: `That is not valid: it ${wrong}. Give it again, corrected.` },
  ];
}
