// Fills a tool's arguments with what stands in a request, without a language model.
import type { CallOptions } from '../../spec/call.ts';
import type { Embedder } from '../../spec/embedder.ts';
import type { JsonSchema } from '../../spec/output.ts';
import { assign } from './assign.ts';
import type { Candidate, Scene, Weights } from './candidate.ts';
import { overlap } from './mention.ts';
import { type Parameter, readParameters } from './parameter.ts';
import { compareAll, type Request } from './request.ts';
import { stemsOf } from './text-candidates.ts';
import { weigh } from './weigh.ts';

/** A tool as it is filled. */
export interface FillableTool {
  name: string;
  description: string;
  schema: JsonSchema;
}

/** One argument with what may be its value. */
export interface FilledArgument {
  parameter: Parameter;
  /** Best first. */
  candidates: readonly Candidate[];
  /** Chosen together with the other arguments'; undefined where there is no candidate. */
  chosen?: Candidate;
}

/** Everything that is known of a call before a model is asked. */
export interface Filled {
  scene: Scene;
  arguments: FilledArgument[];
}

/** Weighs what was read in a request for each argument of a tool, and chooses. */
export async function fillArguments(
  request: Request,
  tool: FillableTool,
  embedder: Embedder,
  { signal, weights }: CallOptions & { weights: Weights },
): Promise<Filled> {
  const parameters = readParameters(tool.schema);
  const similarity = await compareAll(request, parameters, embedder, signal);
  const scene = {
    request,
    parameters,
    toolStems: stemsOf([tool.name.replace(/[._]/g, ' '), tool.description]),
    similarity,
    weights,
  };
  return {
    scene,
    arguments: chooseTogether(parameters.map((parameter) => ({ parameter, candidates: weigh(parameter, scene) }))),
  };
}

/** Sets what is chosen of each, all arguments together. A number is used once: where there is none left, nothing is chosen. */
export function chooseTogether(list: readonly FilledArgument[]): FilledArgument[] {
  const chosen = assign(list.map(({ candidates }) => candidates));
  const taken = (one: Candidate) =>
    one.mention?.kind === 'number' &&
    chosen.some((other) => other !== one && other?.mention && overlap(other.mention, one.mention!) && other.score > one.score);
  return list.map(({ parameter, candidates }, i) => {
    const one = chosen[i];
    return { parameter, candidates, ...(one && !taken(one) && { chosen: one }) };
  });
}
