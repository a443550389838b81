// Stands in for `@xenova/transformers`: two peers load a model as they are imported, but are given vectors here.

export const env: Record<string, unknown> = {};

/** Never asked to embed anything. */
export async function pipeline(): Promise<() => never> {
  return () => {
    throw new Error('The benchmark gives vectors, not texts.');
  };
}
