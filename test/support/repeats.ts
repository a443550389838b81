// How often a test of random faults is repeated: `npm test -- <step> --runs N` says it.

/** @param usual where nothing else is said */
export const repeats = (usual: number): number => Number(process.env.TEST_RUNS ?? usual);
