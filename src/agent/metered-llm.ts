// The model of a run: counts what it costs, ends with the run, and keeps what it wrote, so that a resumed run need not ask again.
import type { AgentStep } from '../spec/agent.ts';
import type { GenerateDone, GenerateOptions, Llm } from '../spec/llm.ts';
import { Turnstile } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';
import type { Budget } from './budget.ts';
import type { Journal } from './journal.ts';

/** Failures that say something of what was asked for, not of the device: a run that is resumed meets them again. */
const lasting = ['output-invalid', 'output-unsupported', 'context-overflow'] as const;

/**
 * @param keep is given each answer as a step, before the answer's `done`
 * @returns the model; its generations throw OutOfBudget too
 */
export function meteredLlm(
  llm: Llm,
  { journal, budget, signal, keep }: { journal: Journal; budget: Budget; signal: AbortSignal; keep: (step: AgentStep) => void },
): Llm {
  // One at a time, so that answers have an order.
  const turn = new Turnstile();
  let count = 0;
  const both = (own: AbortSignal | undefined) => (own ? AbortSignal.any([signal, own]) : signal);

  async function* generate(...[messages, options = {}]: Parameters<Llm['generate']>) {
    const { maxTokens = 256 } = options;
    budget.check();
    const known = journal.generation(count++);
    if (known) {
      budget.generated(known.usage);
      keep(known);
      if (known.error) throw new InpageError(known.error.code as never, known.error.message);
      yield { type: 'token', text: known.text } as const;
      yield doneOf(known);
      return;
    }
    const settings: GenerateOptions = {
      ...options,
      signal: both(options.signal),
      maxTokens: Math.min(maxTokens, budget.tokensLeft),
    };
    await llm.load({ signal: settings.signal });
    try {
      for await (const event of llm.generate(messages, settings)) {
        if (event.type === 'done') {
          const { text, value, usage } = event;
          budget.generated(usage);
          keep({ type: 'generation', text, ...(value !== undefined && { value }), usage });
        }
        yield event;
      }
    } catch (error) {
      if (InpageError.is(error) && lasting.some((code) => code === error.code)) {
        const { code, message, detail } = error;
        const usage = { promptTokens: 0, completionTokens: 0 };
        keep({ type: 'generation', text: String(detail.text ?? ''), usage, error: { code, message } });
      }
      throw error;
    }
  }

  return {
    ...llm,
    load: (options = {}) => llm.load({ ...options, signal: both(options.signal) }),
    countTokens: (input, options = {}) => llm.countTokens(input, { ...options, signal: both(options.signal) }),
    generate: (messages, options) => turn.stream(() => generate(messages, options), { signal: both(options?.signal) }),
  };
}

function doneOf({ text, value, usage }: Extract<AgentStep, { type: 'generation' }>): GenerateDone {
  const timings = { prefillMs: 0, decodeMs: 0 };
  return { type: 'done', text, reason: 'stop', usage, timings, ...(value !== undefined && { value }) };
}
