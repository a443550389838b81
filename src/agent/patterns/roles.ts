// Roles as a fixed pipeline with typed hand-offs (after MetaGPT, arXiv:2308.00352): each role gets what the one before has made, in the
// form that was agreed, and nothing else.
import { quoteUntrusted, untrustedRule } from '../../prompt/untrusted.ts';
import type { AgentPattern, AgentResult, AgentRun, AgentStep } from '../../spec/agent.ts';
import type { JsonSchema } from '../../spec/output.ts';
import { InpageError } from '../../util/errors.ts';
import { ask } from '../ask.ts';
import { endOfRefusal, gaveUp } from '../endings.ts';
import { nextStep } from '../next-step.ts';
import { textOf } from '../plain-data.ts';
import { shownTools } from '../shown-tools.ts';
import { finish } from '../step-schema.ts';
import { type PastStep, tellSteps } from '../transcript.ts';

/** A role. */
export interface Role {
  name: string;
  /** What it does, told to the model: `You write the answer from the notes.` */
  instruction: string;
  /** What it hands on. */
  output: JsonSchema;
  /** Calls of tools that it may make first. @default 0 */
  calls?: number;
  /** Reads complaints out of what it made: if there are any, the role before does its part again with them, once. */
  complaints?: (made: unknown) => readonly string[];
}

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const object = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/** Finds notes, writes an answer from them, checks it. */
export const defaultRoles: readonly Role[] = [
  {
    name: 'researcher',
    instruction: 'You collect facts for the task, with tools where there are some.',
    output: object({ facts: { type: 'array', items: text(200), minItems: 1, maxItems: 5 } }),
    calls: 3,
  },
  {
    name: 'writer',
    instruction: 'You write the answer to the task from the facts, in one to three sentences.',
    output: object({ answer: text(500) }),
  },
  {
    name: 'checker',
    instruction: 'You check whether the answer does the task, and list what is wrong with it: an empty list if nothing is.',
    output: object({ complaints: { type: 'array', items: text(160), maxItems: 3 } }),
    complaints: (made) => (made as { complaints: readonly string[] }).complaints,
  },
];

/**
 * Makes the pattern. The answer is what the last role made that does not only check.
 * @throws InpageError `invalid-argument` for no roles, or one that checks what nobody has made
 */
export function roles(pipeline: readonly Role[] = defaultRoles): AgentPattern {
  if (pipeline.length === 0 || pipeline[0]!.complaints) {
    throw new InpageError('invalid-argument', 'The pattern "roles" needs a role first that makes something.');
  }
  return { name: 'roles', run: (run) => work(run, pipeline) };
}

async function* work(run: AgentRun, pipeline: readonly Role[]): AsyncGenerator<AgentStep, AgentResult, undefined> {
  const made: unknown[] = [];
  const sentBack = new Set<number>();
  let complaints: readonly string[] = [];
  for (let at = 0; at < pipeline.length; at++) {
    const role = pipeline[at]!;
    run.round();
    const input = { ...(at > 0 && { made: made[at - 1] }), ...(complaints.length > 0 && { complaints }) };
    complaints = [];
    yield { type: 'handoff', to: role.name, input };
    const past: PastStep[] = [];
    const refusal = yield* useTools(run, role, past);
    if (refusal !== undefined) return endOfRefusal(refusal);
    made[at] = await ask(run, messagesOf(run, role, input, past), { schema: role.output });
    if (made[at] === undefined) return gaveUp(`The ${role.name} gave nothing valid.`);
    if (!role.complaints) continue;
    const found = role.complaints(made[at]);
    yield { type: 'critique', candidate: made[at - 1], complaints: found };
    // The one before does its part again, and this one checks again, once.
    if (found.length > 0 && !sentBack.has(at)) {
      sentBack.add(at);
      complaints = found;
      at -= 2;
    } else made[at] = made[at - 1];
  }
  const value = made.at(-1);
  const { answer } = value as { answer?: unknown };
  return { reason: 'finished', answer: textOf(answer ?? value), value };
}

/** @returns why a call was refused, if one was */
async function* useTools(
  run: AgentRun,
  { calls = 0 }: Role,
  past: PastStep[],
): AsyncGenerator<AgentStep, string | undefined, undefined> {
  const tools = calls > 0 ? await shownTools(run) : {};
  if (Object.keys(tools).length === 0) return undefined;
  while (past.length < calls) {
    const step = await nextStep(run, { tools, past });
    if (!step || step.tool === finish) return undefined;
    const { thought, tool, input } = step;
    yield { type: 'thought', text: thought };
    const outcome = yield* run.call(tool, input);
    if (outcome.status === 'refused') return outcome.reason;
    past.push({ thought, tool, input, outcome });
  }
  return undefined;
}

function messagesOf(run: AgentRun, { instruction }: Role, input: object, past: readonly PastStep[]) {
  // What another role has made may repeat what it has read.
  const given = Object.keys(input).length > 0 ? quoteUntrusted('the role before', textOf(input)) : undefined;
  return [
    { role: 'system', content: `${instruction} Answer as JSON. ${untrustedRule}` },
    { role: 'user', content: tellSteps(run.task, past, given) },
  ] as const;
}
