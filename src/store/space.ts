// Space: whether the vectors of two embedding models can be compared.
import type { EmbeddingSpace } from '../spec/embedder.ts';
import { InpageError } from '../util/errors.ts';

/** @throws InpageError `embedding-mismatch` naming both models, what differs and the remedy */
export function checkSameSpace(stored: EmbeddingSpace, given: EmbeddingSpace): void {
  const differences = findDifferences(stored, given);
  if (differences.length === 0) return;
  throw new InpageError(
    'embedding-mismatch',
    `The collection was made with the embedding model "${stored.model}", and "${given.model}" does not fit it ` +
      `(${differences.join('; ')}). Use "${stored.model}" as before, or clear the collection and add its documents again.`,
    { detail: { stored, given } },
  );
}

/** Whether vectors of two spaces can be compared. */
export function sameSpace(one: EmbeddingSpace, other: EmbeddingSpace): boolean {
  return findDifferences(one, other).length === 0;
}

function findDifferences(stored: EmbeddingSpace, given: EmbeddingSpace): string[] {
  const fields = ['model', 'revision', 'dimension', 'pooling', 'normalized'] as const;
  const differences = fields
    .filter((field) => stored[field] !== given[field])
    .map((field) => `${field} ${stored[field]}, not ${given[field]}`);
  for (const kind of ['query', 'passage'] as const) {
    if (stored.prefix[kind] !== given.prefix[kind]) {
      differences.push(`${kind} prefix "${stored.prefix[kind]}", not "${given.prefix[kind]}"`);
    }
  }
  return differences;
}
