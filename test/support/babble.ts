// The worst of models: with a real tokenizer it says anything that a constraint leaves, at random.
import { AutoTokenizer, env } from '@huggingface/transformers';
import { createConstraint } from '../../src/llm/constraint.ts';
import type { OutputFormat } from '../../src/spec/output.ts';
import { createRandom } from '../../src/util/random.ts';
import { root } from './source-files.ts';

/** Draws tokens at random from what is left, until the end. */
export type Babble = (
  output: OutputFormat,
  seed: number,
  options?: { maxTokens?: number; prefer?: readonly number[] },
) => { text: string; ended: boolean };

/** Loads the tokenizer of the embedded chat model. */
export async function loadBabbler() {
  Object.assign(env, { allowRemoteModels: false, localModelPath: `${root}/models/` });
  const tokenizer = await AutoTokenizer.from_pretrained('SmolLM2-135M-Instruct');
  const vocabularySize = tokenizer.get_vocab().size;
  const end = tokenizer.eos_token_id!;
  // Tokens that close something: with them drawn more often a random text comes to its end.
  const closing = ['"', '}', ']', ',', '":', ' }', '"}', '"]'].flatMap((text) => tokenizer.encode(text));
  const babble: Babble = (output, seed, { maxTokens = 300, prefer = closing } = {}) => {
    const constraint = createConstraint(tokenizer, output);
    const random = createRandom(seed);
    const pick = (from: readonly number[]) => from[Math.floor(random() * from.length)]!;
    const generated: number[] = [];
    const text = () => (generated.length > 0 ? tokenizer.decode(generated) : '');
    while (generated.length < maxTokens) {
      const logits = new Float32Array(vocabularySize);
      constraint.mask(logits, generated);
      const left: number[] = [];
      for (let token = 0; token < vocabularySize; token++) if (logits[token] === 0) left.push(token);
      const preferred = [end, ...prefer].filter((token) => logits[token] === 0);
      const token = preferred.length > 0 && random() < 0.3 ? pick(preferred) : pick(left);
      if (token === end) return { text: text(), ended: true };
      generated.push(token);
    }
    return { text: text(), ended: false };
  };
  return { tokenizer, babble };
}
