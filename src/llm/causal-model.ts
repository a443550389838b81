// A causal model of transformers.js, one forward pass at a time: tokens go in, logits and keys and values come out.
import type { PreTrainedModel, Tensor } from '@huggingface/transformers';
import type { ModelLibrary } from '../runtime/transformers.ts';
import { KeyValues } from './key-values.ts';

/** What a pass gives. */
export interface Pass {
  /** One row a token that was asked for, in order; may be changed. */
  logits: Float32Array[];
  /** After all tokens, those of this pass included. */
  known: KeyValues;
}

/** A model that reads tokens. */
export interface CausalModel {
  /** Before the first token. */
  readonly empty: KeyValues;
  /**
   * Reads tokens, at least one, after those of `known`.
   * @param rows number of last tokens whose logits are wanted
   */
  read(known: KeyValues, tokens: readonly number[], rows: number): Promise<Pass>;
}

/** Makes passes of a model that `AutoModelForCausalLM` has loaded. */
export function createCausalModel({ Tensor, DynamicCache }: ModelLibrary, model: PreTrainedModel): CausalModel {
  const integers = (values: BigInt64Array, dims: number[]) => new Tensor('int64', values, dims);
  return {
    empty: new KeyValues([], {}),
    async read(known, tokens, rows) {
      const total = known.tokens.length + tokens.length;
      const { logits, ...outputs }: Record<string, Tensor> = await model.forward({
        input_ids: integers(BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
        attention_mask: integers(new BigInt64Array(total).fill(1n), [1, total]),
        // Not every model has this input; where it is missing, the logits of all tokens come.
        num_logits_to_keep: integers(BigInt64Array.of(BigInt(rows)), []),
        past_key_values: new DynamicCache({ ...known.tensors }),
      });
      const tensors = Object.entries(outputs).flatMap(([name, tensor]) => {
        if (name.startsWith('present')) return [[inputName(name), tensor] as const];
        tensor.dispose();
        return [];
      });
      const next = new KeyValues([...known.tokens, ...tokens], Object.fromEntries(tensors), known.steps);
      return { logits: lastRows(logits!, rows), known: next };
    },
  };
}

/** `present.0.key` goes in as `past_key_values.0.key`, `present_conv.0` as `past_conv.0`. */
function inputName(output: string): string {
  return output.replace(/^present_/, 'past_').replace(/^present/, 'past_key_values');
}

function lastRows(logits: Tensor, rows: number): Float32Array[] {
  const [, count, size] = logits.dims as [number, number, number];
  const values = logits.to('float32').data as Float32Array;
  return Array.from({ length: rows }, (_, i) => values.subarray((count - rows + i) * size, (count - rows + i + 1) * size));
}
