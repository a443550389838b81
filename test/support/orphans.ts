// Looks at the raw records of a collection for what nothing names any more, and for what is named and not there.
import { readRaw } from './idb-raw.ts';

/** Object stores by what the first part of their keys is. */
const bySegment = ['segments', 'rows', 'live', 'postings', 'positions'];
const byDocument = ['documents', 'text'];
/** UTF-16 code units of a block of text. */
const blockUnits = 32_000;

/** What is there and belongs to nothing, or is missing, in words. For a collection that nobody writes to. */
export async function findOrphans(collection: string): Promise<string[]> {
  const { stores } = await readRaw(collection);
  const keys = (store: string) => (stores[store] ?? []).map(({ key }) => String(key));
  const manifest = stores.manifest![0]!.value as { segments: { id: number }[] };
  const segments = manifest.segments.map(({ id }) => String(id));
  const documents = stores.documents!.map(({ key, value }) => ({
    key: String(key),
    ...(value as { id: string; length: number }),
  }));
  const ordinals = new Set(documents.map(({ key }) => key));
  const blocks = documents.flatMap(({ key, length }) =>
    Array.from({ length: Math.ceil(length / blockUnits) }, (_, block) => `${key},${block}`),
  );
  const stray = (store: string, owners: ReadonlySet<string>) =>
    keys(store)
      .filter((key) => !owners.has(key.split(',')[0]!))
      .map((key) => `${store} ${key} belongs to nothing`);
  return [
    ...bySegment.flatMap((store) => stray(store, new Set(segments))),
    ...byDocument.flatMap((store) => stray(store, ordinals)),
    ...missing('segments', keys('segments'), segments),
    ...missing('text', keys('text'), blocks),
    ...(stores.ids
      ? [
          ...missing(
            'ids',
            keys('ids'),
            documents.map(({ id }) => id),
          ),
          ...missing(
            'document',
            documents.map(({ id }) => id),
            keys('ids'),
          ),
        ]
      : []),
    ...keys('staging').map((key) => `staging ${key} belongs to nothing`),
  ];
}

function missing(what: string, there: readonly string[], wanted: readonly string[]): string[] {
  const found = new Set(there);
  return wanted.filter((key) => !found.has(key)).map((key) => `${what} ${key} is missing`);
}
