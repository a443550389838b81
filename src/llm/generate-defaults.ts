// What a generation does where its options say nothing, and the words for options that a backend does not have.
import type { GenerateOptions, LogitsOption, SamplingOption } from '../spec/llm.ts';
import { InpageError } from '../util/errors.ts';

/** Defaults of {@link GenerateOptions}. */
export const generateDefaults = {
  maxTokens: 256,
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
} satisfies GenerateOptions;

/** Names the sampling options that were asked for, and change something, but are not among those that take effect. */
export function ignoredOptions(options: GenerateOptions, supported: readonly SamplingOption[], backend: string): string[] {
  const given: Partial<Record<SamplingOption, unknown>> = options;
  const neutral: Partial<Record<SamplingOption, number>> = { ...generateDefaults, temperature: undefined };
  return (['temperature', 'topP', 'topK', 'minP', 'repetitionPenalty', 'seed'] as const)
    .filter((name) => !supported.includes(name) && given[name] !== undefined && given[name] !== neutral[name])
    .map((name) => `${name} is ignored: ${backend} has no such option.`);
}

/** @throws InpageError `invalid-argument` naming an option that needs the logits and is not among those that take effect */
export function refuseLogits(options: GenerateOptions, supported: readonly LogitsOption[], backend: string): void {
  for (const name of ['contrast', 'neighbours'] as const) {
    if (options[name] === undefined || supported.includes(name)) continue;
    const message = `"${name}" cannot take effect: ${backend} does not open what it needs. Leave it out, or use transformersLlm() on WASM.`;
    throw new InpageError('invalid-argument', message, { detail: { option: name } });
  }
}
