// What a causal model keeps of the tokens it has read: keys and values of every layer, one row a token. transformers.js only
// makes them longer; here they can be cut as well.
import type { Tensor } from '@huggingface/transformers';

type TensorClass = new (type: Tensor['type'], data: Float32Array, dims: number[]) => Tensor;

/** What a model knows after `tokens`. A pass makes a new one and leaves this as it is. */
export class KeyValues {
  constructor(
    readonly tokens: readonly number[],
    /** By the model's input names; keys and values have the shape [1, heads, tokens, width]. */
    readonly tensors: Readonly<Record<string, Tensor>>,
    /** Lengths at which the reading of any text with the same beginning pauses: so far its rows are the very same. */
    readonly steps: readonly number[] = [],
  ) {}

  /** Size of the tensors in bytes. */
  get bytes(): number {
    return Object.values(this.tensors).reduce((sum, { size, type }) => sum + size * (type === 'float16' ? 2 : 4), 0);
  }

  /** Rows can be taken away: they are in reach, and rows are all there is (unlike in state-space models). */
  get divisible(): boolean {
    return Object.entries(this.tensors).every(
      ([name, { dims, location }]) => name.startsWith('past_key_values.') && dims.length === 4 && location === 'cpu',
    );
  }

  /** The first `length` rows in memory of their own; only of what is divisible. */
  copy(length: number): KeyValues {
    return this.#first(length, (data, size) => new (data.constructor as Float32ArrayConstructor)(size));
  }

  /** The first `length` rows in the same memory: afterwards neither this nor what shares its tensors can be used. */
  cut(length: number): KeyValues {
    return this.#first(length, (data, size) => data.subarray(0, size));
  }

  /** The same, with a step at its end. */
  paused(): KeyValues {
    return new KeyValues(this.tokens, this.tensors, [...this.steps, this.tokens.length]);
  }

  /** Frees what lies on the GPU. */
  dispose(): void {
    for (const tensor of Object.values(this.tensors)) if (tensor.location !== 'cpu') tensor.dispose();
  }

  #first(length: number, place: (data: Float32Array, size: number) => Float32Array): KeyValues {
    const tensors = Object.entries(this.tensors).map(([name, tensor]) => {
      const [batch, heads, rows, width] = tensor.dims as [number, number, number, number];
      const from = tensor.data as Float32Array;
      const to = place(from, batch * heads * length * width);
      // Heads lie one after the other, so each moves by the rows that those before it lose.
      for (let head = 0; head < batch * heads; head++) {
        const start = head * rows * width;
        to.set(from.subarray(start, start + length * width), head * length * width);
      }
      // The class belongs to a library that is loaded late.
      const Same = tensor.constructor as TensorClass;
      return [name, new Same(tensor.type, to, [batch, heads, length, width])] as const;
    });
    const steps = this.steps.filter((step) => step <= length);
    return new KeyValues(this.tokens.slice(0, length), Object.fromEntries(tensors), steps);
  }
}
