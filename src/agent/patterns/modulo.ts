// LLM-Modulo (arXiv:2402.01817): the model proposes, verifiers of one's own check, and all their complaints go back to the model. What
// a verifier refuses is never given.
import type { AgentPattern, AgentResult, AgentRun, AgentStep, Verifier } from '../../spec/agent.ts';
import type { ChatMessage } from '../../spec/llm.ts';
import type { OutputFormat } from '../../spec/output.ts';
import { InpageError } from '../../util/errors.ts';
import { withDefaults } from '../../util/options.ts';
import { ask, write } from '../ask.ts';
import { gaveUp } from '../endings.ts';
import { canonical, shorten, textOf } from '../plain-data.ts';

/** Options of {@link modulo}. */
export interface ModuloOptions {
  /** What a candidate looks like. @default any text */
  output?: OutputFormat;
  /** Candidates that are tried at most; the run's `maxSteps` bounds them too. @default 8 */
  rounds?: number;
}

/** Temperature once the model repeats itself; greedily it would do so for ever. */
const stirred = 0.9;

/** Makes the pattern. Its runs throw InpageError `invalid-argument` where there are no `verifiers`. */
export function modulo(options: ModuloOptions = {}): AgentPattern {
  const { output, rounds } = withDefaults({ rounds: 8 }, options);
  return { name: 'modulo', run: (run) => propose(run, output, rounds) };
}

async function* propose(
  run: AgentRun,
  output: OutputFormat | undefined,
  rounds: number,
): AsyncGenerator<AgentStep, AgentResult, undefined> {
  const { task, verifiers } = run;
  if (verifiers.length === 0) {
    throw new InpageError(
      'invalid-argument',
      'The pattern "modulo" needs verifiers. Give at least one in the options of the run.',
    );
  }
  const request: readonly ChatMessage[] = [
    { role: 'system', content: 'You propose a solution to the task. Where problems are told, give a new solution without them.' },
    { role: 'user', content: `Task: ${task}` },
  ];
  const seen = new Set<string>();
  let messages = request;
  let problems: readonly string[] = [];
  for (let round = 0; round < rounds; round++) {
    run.round();
    // What has been proposed before is proposed again if nothing else changes.
    const stir = round > seen.size ? { temperature: stirred, seed: round } : {};
    const asking: AgentRun = { ...run, generation: { ...stir, ...run.generation, ...stir } };
    const candidate = output ? await ask(asking, messages, output) : await write(asking, messages);
    if (candidate === undefined) {
      problems = ['It is not of the form that was asked for.'];
      continue;
    }
    problems = await complaintsOf(verifiers, candidate, task);
    if (problems.length === 0) {
      return { reason: 'finished', answer: textOf(candidate), ...(output && { value: candidate }) };
    }
    yield { type: 'critique', candidate, complaints: problems };
    seen.add(canonical(candidate));
    messages = [
      ...request,
      { role: 'assistant', content: shorten(textOf(candidate), 2000) },
      {
        role: 'user',
        content: `Problems:\n${problems.map((problem) => `- ${problem}`).join('\n')}\nGive a new solution. Task: ${task}`,
      },
    ];
  }
  return gaveUp(`No proposal passed. The last one: ${problems.join('; ')}`);
}

/** All that all verifiers say. One that cannot tell does not let anything pass. */
async function complaintsOf(verifiers: readonly Verifier[], candidate: unknown, task: string): Promise<string[]> {
  const complaints: string[] = [];
  for (const { name, verify } of verifiers) {
    try {
      complaints.push(...(await verify(structuredClone(candidate), task)));
    } catch (error) {
      complaints.push(`${name} could not check it: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return complaints;
}
