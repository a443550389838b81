// Several chat models in order of preference: a smaller one, another library or a server where the first choice does not run.
import { probeDevice } from '../runtime/device.ts';
import { machineName, recallStep, rememberStep } from '../runtime/ladder-memory.ts';
import type { StepDown } from '../spec/device.ts';
import type { Llm, LlmInfo } from '../spec/llm.ts';
import { type ErrorCode, InpageError } from '../util/errors.ts';
import { isDeviceFailure } from './device-ladder.ts';
import { Ladder, type LadderPlan, type Rung } from './ladder.ts';
import { ladderLlm } from './ladder-llm.ts';

/** Mistakes and decisions of the caller: another model must not hide them. */
const ofTheCaller: readonly ErrorCode[] = ['invalid-argument', 'download-declined', 'missing-dependency', 'closed'];

/** The first of several models that loads. @throws InpageError `invalid-argument` if there is none */
export function preferredLlm(llms: readonly Llm[], onStepDown: (event: StepDown) => void): Llm {
  const rungs = llms.map((model, index) => ({ name: model.name ?? `llm ${index + 1}`, model }));
  if (rungs.length === 0) throw new InpageError('invalid-argument', 'The list of models is empty. Name at least one.');
  if (rungs.length === 1) return rungs[0]!.model;
  const name = rungs.map((rung) => rung.name).join(', ');
  const llm = ladderLlm(name, new Ladder({ model: name, plan: () => plan(name, rungs), onStepDown }));
  const closeAll = async () => {
    await llm.close();
    await Promise.all(llms.map((each) => each.close()));
  };
  return { ...llm, close: closeAll };
}

async function plan(list: string, all: readonly Rung<Llm>[]): Promise<LadderPlan<Llm, LlmInfo>> {
  const machine = machineName(await probeDevice());
  const worked = await recallStep(list, machine);
  const rungs = all.slice(
    Math.max(
      0,
      all.findIndex(({ name }) => name === worked),
    ),
  );
  let known: string | undefined = rungs[0]!.name;
  /** Whether what runs now would be the choice of the next visit too. */
  let lasting = true;
  return {
    rungs,
    after(failed, { code, phase }) {
      const device = isDeviceFailure(code);
      if (ofTheCaller.includes(code) || (phase === 'use' && !device && code !== 'remote-failed')) return -1;
      lasting &&= device;
      return failed + 1 < rungs.length ? failed + 1 : -1;
    },
    async load(rung, call) {
      const info = await rung.model.load(call);
      if (lasting && known !== rung.name) void rememberStep(list, machine, rung.name);
      known = rung.name;
      return info;
    },
  };
}
