// Looks at the raw records of a collection for what nothing names any more.
import { type RawDatabase, readRaw } from '../../support/idb-raw.ts';

/** What is there and belongs to nothing, or is missing, in words. */
export async function findOrphans(collection: string): Promise<string[]> {
  const raw = await readRaw(collection);
  const manifest = raw.stores.manifest?.[0]?.value as { format?: number } | undefined;
  return manifest?.format === 1 ? ofFormat1(raw) : [];
}

function ofFormat1({ stores }: RawDatabase): string[] {
  const keys = (store: string) => stores[store]!.map(({ key }) => key);
  const { segments } = stores.manifest![0]!.value as { segments: { id: number }[] };
  const documents = new Map(stores.documents!.map(({ key, value }) => [key, (value as { length: number }).length]));
  const blocks = [...documents].flatMap(([ordinal, length]) =>
    Array.from({ length: Math.ceil(length / 32_000) }, (_, block) => `${ordinal},${block}`),
  );
  return [
    ...difference(
      'segment',
      keys('segments').map(String),
      segments.map(({ id }) => String(id)),
    ),
    ...difference('text block', keys('text').map(String), blocks),
    ...difference('staged document', keys('staging').map(String), []),
  ];
}

function difference(what: string, found: readonly string[], named: readonly string[]): string[] {
  const [there, wanted] = [new Set(found), new Set(named)];
  return [
    ...found.filter((key) => !wanted.has(key)).map((key) => `${what} ${key} belongs to nothing`),
    ...named.filter((key) => !there.has(key)).map((key) => `${what} ${key} is missing`),
  ];
}
