// A tensor as far as keys and values need one.
import type { Tensor } from '@huggingface/transformers';

class FakeTensor {
  disposed = false;
  constructor(
    readonly type: string,
    readonly data: Float32Array,
    readonly dims: number[],
    readonly location = 'cpu',
  ) {}
  get size(): number {
    return this.data.length;
  }
  dispose(): void {
    this.disposed = true;
  }
}

/** Rows of two heads, width 2: head `h` of token `t` is [t, h]. */
export function fakeRows(tokens: readonly number[], location = 'cpu'): Tensor & { disposed: boolean } {
  const data = [0, 1].flatMap((head) => tokens.flatMap((token) => [token, head]));
  return new FakeTensor('float32', Float32Array.from(data), [1, 2, tokens.length, 2], location) as never;
}
